#!/usr/bin/env bash
# The app under load, through the entry for the world: load-test.sh APP ENVIRONMENT, or load-test.sh APP --url URL for
# anything that serves the app. What is asked stands in pipelines/load/<app>.txt; how much and what is too slow is
# told by load_test.py --help.
set -euo pipefail
app=$1
here=$(cd "$(dirname "$0")" && pwd)
paths=$here/../load/$app.txt
if [ "$2" = --url ]; then
  exec python3 "$here/load_test.py" "$3" "$paths" "${@:4}"
fi
environment=$2
# shellcheck source=azure.sh
source "$here/azure.sh"
endpoint=api
grep -q '^/v[0-9]' "$paths" || endpoint=$app
host=$(front_door_host "$environment" "$endpoint")
[ -n "$host" ] || { echo "there is no front door in $environment: load tests go by it" >&2; exit 1; }
exec python3 "$here/load_test.py" "https://$host" "$paths" "${@:3}"
