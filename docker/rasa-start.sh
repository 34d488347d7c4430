#!/bin/sh
# Starts Rasa. Its configuration reads secrets from the environment only, so those in files are brought there: they are in
# the memory of this process and not in the description of the container. The model must be the one that was put in.
set -eu
for name in SAMENSPEL_RASA_SECRET SAMENSPEL_ACTIONS_SECRET SAMENSPEL_RASA_DATABASE_URL; do
    eval "file=\${${name}_FILE:-}"
    if [ -n "$file" ]; then
        value=$(cat "$file")
        export "$name=$value"
        unset "${name}_FILE"
    fi
done
if [ -f models/model.sha256 ]; then
    (cd models && sha256sum --check --strict --quiet model.sha256)
fi
exec "$@"
