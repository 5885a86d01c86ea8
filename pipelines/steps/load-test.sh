#!/usr/bin/env bash
# The app under load, through the entry for the world: load-test.sh APP ENVIRONMENT, or load-test.sh APP --url URL for
# anything that serves the app. Asked in turn is what is open to everybody: live is the handler alone, ready asks what
# the app stands on, contract and its page come from the handler's memory. How much and what is too slow is told by
# load_test.py --help.
set -euo pipefail
app=$1
here=$(cd "$(dirname "$0")" && pwd)
health=$("$here/routes.py" "$app" health)
paths=$(mktemp)
trap 'rm -f "$paths"' EXIT
printf '%s\n' "${health/\{probe\}/live}" "${health/\{probe\}/ready}" >"$paths"
endpoint=$app
if [[ $health == /v[0-9]* || $health == /$app/v[0-9]* ]]; then
  endpoint=api
  "$here/routes.py" "$app" openapi docs >>"$paths"
fi
if [ "$2" = --url ]; then
  python3 "$here/load_test.py" "$3" "$paths" "${@:4}"
  exit
fi
environment=$2
# shellcheck source=azure.sh
source "$here/azure.sh"
host=$(front_door_host "$environment" "$endpoint")
[ -n "$host" ] || { echo "there is no front door in $environment: load tests go by it" >&2; exit 1; }
python3 "$here/load_test.py" "https://$host" "$paths" "${@:3}"
