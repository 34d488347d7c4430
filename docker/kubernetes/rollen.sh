#!/bin/bash
# Runs once, when the database volume is empty: the two roles of the running processes, each with a password of its own.
# `prepare` gives them their rights. See docs/docker.md.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set=app="$(cat "$APP_DB_PASSWORD_FILE")" --set=rasa="$(cat "$RASA_DB_PASSWORD_FILE")" <<'SQL'
CREATE ROLE samenspel_app LOGIN PASSWORD :'app';
CREATE ROLE samenspel_rasa LOGIN PASSWORD :'rasa';
SQL
