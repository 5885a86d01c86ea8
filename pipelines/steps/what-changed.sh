#!/usr/bin/env bash
# The apps whose packages a change can alter: what-changed.sh BASE, one app a line. Compares HEAD with where it left BASE.
# With --matrix it tells the pipeline in `apps`: a job for each.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=$(git merge-base "$1" HEAD)
changed=()
for app in $(cargo xtask apps); do
  mapfile -t inputs < <(cargo xtask inputs "$app")
  git diff --quiet "$base" HEAD -- "${inputs[@]}" || changed+=("$app")
done
if [ "${2-}" = --matrix ]; then
  jobs=
  for app in "${changed[@]}"; do jobs+="${jobs:+,}\"$app\":{\"app\":\"$app\"}"; done
  echo "##vso[task.setvariable variable=apps;isOutput=true]{$jobs}"
else
  for app in "${changed[@]}"; do echo "$app"; done
fi
