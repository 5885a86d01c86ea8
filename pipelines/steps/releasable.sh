#!/usr/bin/env bash
# Whether an app may go to production: releasable.sh APP. One whose contract has operations that are only planned
# (`x-planned`) is for dev and staging, where others work with it: tells the pipeline so in `releasable`.
set -euo pipefail
app=$1

releasable=true
cargo xtask package --release --output target/releasable "$app" || releasable=false
[ "$releasable" = true ] ||
  echo "##vso[task.logissue type=warning]$app stops before production: the messages of cargo xtask package --release say why"
echo "##vso[task.setvariable variable=releasable;isOutput=true]$releasable"
