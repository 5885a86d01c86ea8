#!/usr/bin/env bash
# Watches how fast a deployed app uses up its budget of errors: burn-gate.sh APP ENVIRONMENT REGION MINUTES. Exits 1 as
# soon as it is too fast. burn_gate.py decides, and can be given a file of samples instead.
set -euo pipefail
app=$1 environment=$2 region=$3 minutes=$4
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=azure.sh
source "$here/azure.sh"
found=$(function_app "$environment" "$region" "$app")
IFS=$'\t' read -r name _ <<<"$found"
workspace=$(workspace "$environment")
exec python3 "$here/burn_gate.py" --workspace "$workspace" --role "$name" --app "$app" --minutes "$minutes"
