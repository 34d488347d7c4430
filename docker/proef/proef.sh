#!/bin/bash
# Builds the images and runs docker-compose.yml with podman, where there is no Docker and no registry: on Debian 12, as root,
# with a Python 3.12 and a 3.10 of pyenv, and models that ./samenspel train left in var/models. It makes base images of the names
# that the Dockerfiles ask for out of debootstrap (docker/proef/*.Dockerfile tell what stands for what), so it shows that our
# files work together, and nothing about the real base images. All of it is in one folder, which `weg` removes.
#
#   docker/proef/proef.sh bases | build | up | look | down | weg        (in this order; WORK is the folder)
#
# Needs: apt-get install podman buildah netavark aardvark-dns runc iptables debootstrap, and podman-compose from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."
WORK=${WORK:-/var/tmp/samenspel-proef}
PYENV=${PYENV:-$HOME/.pyenv/versions}
CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
mkdir -p "$WORK"

cat > "$WORK/storage.conf" <<E2
[storage]
driver = "overlay"
graphroot = "$WORK/storage"
runroot = "$WORK/run"
E2
cat > "$WORK/containers.conf" <<E2
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
E2
export CONTAINERS_STORAGE_CONF="$WORK/storage.conf" CONTAINERS_CONF="$WORK/containers.conf"

# Podman puts memory over /run, /tmp and /var/tmp of a read-only container unless told not to; Docker does not. Healthchecks are
# asked by systemd, which may not be there: `look` asks them itself.
compose() {
    podman-compose -p proef --env-file "$WORK/.env" --podman-run-args="--ulimit host --read-only-tmpfs=false" "$@"
}

bases() {
    [ -d "$WORK/debian" ] || debootstrap --variant=minbase bookworm "$WORK/debian" http://deb.debian.org/debian
    tar -C "$WORK/debian" -c . | podman import - docker.io/library/debian:bookworm-slim
    local version python context="$WORK/context"
    for version in 3.12 3.10; do
        python=$(printf '%s\n' "$PYENV/$version".* | sort -V | tail -1)
        rm -rf "$context" && mkdir -p "$context/python"
        tar -C "$python" --exclude='lib/python3.1?/test' --exclude='*.a' --exclude=__pycache__ \
            --exclude='lib/python3.1?/site-packages/[a-oq-z]*' -c . | tar -C "$context/python" -x
        cp "$CERTIFICATES" "$context/certificates.crt"
        podman build --network host -f docker/proef/python.Dockerfile \
            -t "docker.io/library/python:$version-slim-bookworm" "$context"
    done
    rm -rf "$context" && mkdir -p "$context/pgserver"
    local packages
    packages=$(.venv-app/bin/python -c 'import pathlib, pgserver; print(pathlib.Path(pgserver.__file__).parents[1])')
    cp -r "$packages/pgserver/pginstall" "$context/pgserver/"
    cp -r "$packages/pgserver.libs" docker/proef/postgres-start.sh "$context/"
    podman build --network host -f docker/proef/postgres.Dockerfile -t docker.io/library/postgres:16-bookworm "$context"
    podman build --network host -f docker/proef/caddy.Dockerfile -t docker.io/library/caddy:2-alpine "$context"
    rm -rf "$context"
}

settings() {
    docker/geheimen.sh "$WORK/geheimen"
    sed -e 's#^SAMENSPEL_PUBLIC_URL=.*#SAMENSPEL_PUBLIC_URL=https://samenspel.example#' \
        -e 's#^SAMENSPEL_WIDGET_ORIGINS=.*#SAMENSPEL_WIDGET_ORIGINS=https://www.gemeente.example#' \
        -e 's#^TLS=.*#TLS=proef#' -e "s#^TLS_FOLDER=.*#TLS_FOLDER=$WORK/geheimen/tls#" \
        -e "s#^SECRETS_FOLDER=.*#SECRETS_FOLDER=$WORK/geheimen#" \
        -e 's#^HTTP_PORT=.*#HTTP_PORT=18080#' -e 's#^HTTPS_PORT=.*#HTTPS_PORT=18443#' .env.example > "$WORK/.env"
}

# build_one SERVICE DOCKERFILE, as `docker/bouw.sh taken` has Compose do; --layers=false saves copies of gigabytes.
build_one() {
    podman build --network host --layers=false --volume "$CERTIFICATES:$CERTIFICATES:ro" --build-arg "MODEL=$MODEL" \
        --build-arg "MODEL_FINGERPRINT=$MODEL_FINGERPRINT" -f "docker/$1.Dockerfile" -t "samenspel-$1" .
}

build() {
    local service
    if [ -z "${MODEL:-}" ]; then
        PULL=nee BUILD="$PWD/docker/proef/proef.sh" exec docker/bouw.sh taken
    fi
    for service in proxy app rasa; do build_one "$service"; done
}

# Waits until a service is healthy: asks its own health check, again and again.
healthy() {
    local tries
    for tries in $(seq 1 100); do
        if podman healthcheck run "proef_$1_1" > "$WORK/health" 2>&1; then
            echo "healthy: $1, asked $tries times"
            return 0
        fi
        sleep 3
    done
    echo "not healthy: $1" >&2
    podman logs --tail 20 "proef_$1_1" >&2
    return 1
}

up() {
    settings
    local service
    compose up --detach database
    healthy database
    compose up --detach --no-deps prepare
    podman wait proef_prepare_1
    podman logs proef_prepare_1
    compose up --detach --no-deps actions rasa web worker
    for service in actions web rasa worker; do healthy "$service"; done
    compose up --detach --no-deps proxy
    healthy proxy
}

case ${1:-} in
    bases | build | up) "$1" ;;
    look) WORK="$WORK" python3 docker/proef/look.py ;;
    down) compose down --volumes ;;
    weg) podman system reset --force && rm -rf "$WORK" ;;
    *) sed -n '2,12p' "$0" ;;
esac
