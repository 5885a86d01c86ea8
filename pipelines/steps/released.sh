#!/usr/bin/env bash
# Whether a package brings anything: released.sh APP ZIP ENVIRONMENT REGION…. The same source makes the same bytes, so a
# package that every region of the environment has already is no release: tells the pipeline so in `changed`.
set -euo pipefail
app=$1 zip=$2 environment=$3
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=releases.sh
source "$here/releases.sh"

sha=$(sha256sum "$zip" | cut -d ' ' -f 1)
changed=false
for region in "${@:4}"; do
  read -r current _ _ state <<<"$(deployed "$environment" "$region" "$app")"
  [ "$current $state" = "$sha finished" ] || changed=true
done
[ "$changed" = true ] || echo "$app is $sha in every region of $environment already: nothing to release"
echo "##vso[task.setvariable variable=changed;isOutput=true]$changed"
