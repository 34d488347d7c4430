#!/bin/sh
# Makes the files with secrets that docker-compose.yml asks for. What is there already stays as it is: run it again after
# a new version. Nobody but the owner comes into the folder; in a container each process sees its own files only, and as
# it is another user there, the files themselves are readable.
set -eu
folder=${1:-geheimen}
umask 077
mkdir -p "$folder/tls"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# keep NAME VALUE: write a secret unless there is one.
keep() {
    if [ ! -e "$folder/$1" ]; then
        printf '%s' "$2" > "$folder/$1"
        chmod 444 "$folder/$1"
        echo "made: $folder/$1"
    fi
}

for name in owner_password app_password rasa_password secret_key pseudonym_key rasa_secret actions_secret \
    telegram_webhook_secret relay_secret; do
    keep "$name" "$(random)"
done

at="database:5432/samenspel"
keep database_url "postgresql://samenspel:$(cat "$folder/owner_password")@$at"
keep app_database_url "postgresql://samenspel_app:$(cat "$folder/app_password")@$at"
keep rasa_database_url "postgresql://samenspel_rasa:$(cat "$folder/rasa_password")@$at"

# You fill these in, where you use them.
for name in telegram_token smtp_password sign_on; do
    keep "$name" ""
done
chmod 700 "$folder"
chmod 755 "$folder/tls"
echo "Keep $folder/pseudonym_key in two places: without it nobody is recognised again."
