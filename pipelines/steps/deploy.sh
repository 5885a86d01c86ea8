#!/usr/bin/env bash
# Deploys a package: deploy.sh APP ENVIRONMENT REGION ZIP. Does nothing where the same bytes are already.
set -euo pipefail
app=$1 environment=$2 region=$3 zip=$4
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=azure.sh
source "$here/azure.sh"
# shellcheck source=releases.sh
source "$here/releases.sh"

sha=$(sha256sum "$zip" | cut -d ' ' -f 1)
read -r current before _ state <<<"$(deployed "$environment" "$region" "$app")"
if [ "$current" = "$sha" ] && [ "$state" = finished ]; then
  echo "$app in $environment, $region is this package already: $sha"
  exit 0
fi
found=$(function_app "$environment" "$region" "$app")
IFS=$'\t' read -r name group <<<"$found"

# A pipeline waits for the apply that runs beside it; a person is told at once.
needed=$(mktemp)
trap 'rm -f "$needed"' EXIT
"$here/needed_settings.py" "$zip" >"$needed"
wait_s=${BUILD_BUILDID:+1800}
ends=$((SECONDS + ${SETTINGS_WAIT_S:-${wait_s:-0}}))
while true; do
  there=0
  settings_are_there "$name" "$group" "$needed" || there=$?
  [ "$there" -ne 0 ] || break
  [ "$there" -eq 1 ] && [ "$SECONDS" -lt "$ends" ] || exit 1
  sleep 30
done

keep_package "$app" "$zip" "$sha"
# What only began is nothing to go back to.
[ "$state" = begun ] || before=$current
# Written before as well: if the deployment breaks off half-way, the roll-back must know what to put back.
note_deployed "$environment" "$region" "$app" "$sha" "$before" "${BUILD_BUILDID:-by-hand}" begun
put_package "$name" "$group" "$zip"
note_deployed "$environment" "$region" "$app" "$sha" "$before" "${BUILD_BUILDID:-by-hand}" finished
echo "$app in $environment, $region: $sha instead of $before"
