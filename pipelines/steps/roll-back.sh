#!/usr/bin/env bash
# Puts the package before back: roll-back.sh APP ENVIRONMENT REGION. In a pipeline only if this very run deployed: what
# another run brought is not taken away by a run that failed for another reason. By hand (no BUILD_BUILDID) always.
set -euo pipefail
app=$1 environment=$2 region=$3
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=azure.sh
source "$here/azure.sh"
# shellcheck source=releases.sh
source "$here/releases.sh"

read -r current before run _ <<<"$(deployed "$environment" "$region" "$app")"
if [ -n "${BUILD_BUILDID:-}" ] && [ "$run" != "$BUILD_BUILDID" ]; then
  echo "$app in $environment, $region was not deployed by this run: nothing to put back"
  exit 0
fi
if [ "$before" = none ]; then
  echo "$app in $environment, $region has no package before $current: nothing to put back" >&2
  exit 1
fi
zip=$(mktemp --suffix .zip)
trap 'rm -f "$zip"' EXIT
fetch_package "$app" "$before" "$zip"
found=$(function_app "$environment" "$region" "$app")
IFS=$'\t' read -r name group <<<"$found"
put_package "$name" "$group" "$zip"
# No package before this one any more: rolling back twice must not bring the bad one back.
note_deployed "$environment" "$region" "$app" "$before" none "${BUILD_BUILDID:-by-hand}" finished
echo "$app in $environment, $region: back to $before from $current"
