#!/usr/bin/env bash
# Whether a deployed package works: smoke-test.sh APP ENVIRONMENT REGION ZIP, or smoke-test.sh APP --url URL for anything
# that serves the app, such as the local host. Azure must have found every function of the package; health must be
# ready, what it says of the app included.
set -euo pipefail
app=$1
here=$(cd "$(dirname "$0")" && pwd)
deadline_s=${SMOKE_DEADLINE_S:-300}
pause_s=5

health=$("$here/routes.py" "$app" health)
health=${health/\{probe\}/ready}

eventually() { # what, command…: until it succeeds or the deadline is over
  local what=$1 ends=$((SECONDS + deadline_s))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$ends" ]; then
      echo "FAILED: $what: not within $deadline_s s" >&2
      return 1
    fi
    sleep "$pause_s"
  done
  echo "ok: $what"
}

is_ready() { # url, header…
  local url=$1 headers=()
  shift
  for header in "$@"; do headers+=(--header "$header"); done
  curl --silent --show-error --fail --max-time 20 --output /dev/null "${headers[@]}" "$url"
}

functions_are_there() { # name, group, zip
  diff <(az functionapp function list --name "$1" --resource-group "$2" --query '[].name' --output tsv | sed 's|.*/||' | sort) \
    <(python3 -c 'import sys, zipfile; print("\n".join(sorted(n.split("/")[0] for n in zipfile.ZipFile(sys.argv[1]).namelist() if n.endswith("/function.json"))))' "$3")
}

if [ "$2" = --url ]; then
  eventually "$3$health answers 200" is_ready "$3$health"
  exit
fi
environment=$2 region=$3 zip=$4
# shellcheck source=azure.sh
source "$here/azure.sh"
found=$(function_app "$environment" "$region" "$app")
IFS=$'\t' read -r name group <<<"$found"
eventually "Azure knows every function of $app in $region, and no other" functions_are_there "$name" "$group" "$zip"

id=$(front_door_id "$environment")
if [[ $health == /v[0-9]* || $health == /$app/v[0-9]* ]]; then
  # The region's own gateway: the front door would ask whichever region is near.
  url=$(gateway "$environment" "$region")
  eventually "$url$health answers 200" is_ready "$url$health" ${id:+"X-Azure-FDID: $id"}
else
  # Not in API Management. Where only the front door may call it, that is asked: for the nearest region.
  host=$(front_door_host "$environment" "$app")
  eventually "https://${host:-$name.azurewebsites.net}$health answers 200" is_ready "https://${host:-$name.azurewebsites.net}$health"
fi
