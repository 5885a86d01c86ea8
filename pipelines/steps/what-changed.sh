#!/usr/bin/env bash
# The apps whose packages a change can alter: what-changed.sh BASE, one app a line. Compares HEAD with where it left BASE.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=$(git merge-base "$1" HEAD)
for app in $(cargo xtask apps); do
  mapfile -t inputs < <(cargo xtask inputs "$app")
  git diff --quiet "$base" HEAD -- "${inputs[@]}" || echo "$app"
done
