#!/bin/sh
# Builds the images. With `docker/bouw.sh taken` the models come from var/models, where `./samenspel train` puts them with
# their checksums; without it they are trained while the images are made. Either way the images say in the label
# nl.samenspel.model which sources they were made from. BUILD is the program: "docker compose" unless told otherwise.
set -eu
cd "$(dirname "$0")/.."
MODEL=${1:-trained}
MODEL_FINGERPRINT=$(python3 -c 'from pathlib import Path; from launcher.fingerprint import fingerprint; print(fingerprint(Path()))')
export MODEL MODEL_FINGERPRINT
if [ "$MODEL" = taken ]; then
    for model in "samenspel-$MODEL_FINGERPRINT" "inbreng-$MODEL_FINGERPRINT"; do
        if ! (cd var/models && sha256sum --check --strict --quiet "$model.sha256"); then
            echo "var/models has no whole $model, the model of the sources as they are now: run ./samenspel train" >&2
            exit 1
        fi
    done
fi
echo "Building with model $MODEL_FINGERPRINT ($MODEL)"
# What others mended in the images that ours begin with comes along, unless PULL=nee; `docker compose pull database` does so for
# the database.
set --
[ "${PULL:-ja}" = nee ] || set -- --pull
exec ${BUILD:-docker compose} build "$@"
