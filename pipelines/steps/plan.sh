#!/usr/bin/env bash
# A plan that is kept: plan.sh ENVIRONMENT FOLDER [--read-only | --for-review]. Writes plan.tfplan and, for people, plan.md into FOLDER;
# tells the pipeline in `changes` whether there is anything to apply. With --read-only it takes no lock on the state and
# keeps no plan: such an identity may not write. With --for-review it does not ask Azure how things are, either: what cannot
# read keys and settings could not.
set -euo pipefail
environment=$1 folder=$2 only=${3-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# shellcheck source=terraform.sh
source "$here/terraform.sh"
enter "$environment"

options=()
case $only in
  --read-only) options=(-lock=false) ;;
  --for-review) options=(-lock=false -refresh=false) ;;
  "") ;;
  *) echo "plan.sh knows no $only" >&2; exit 2 ;;
esac
status=0
terraform plan -detailed-exitcode -no-color -out="$folder/plan.tfplan" "${options[@]}" >"$folder/plan.log" 2>&1 || status=$?
if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then
  cat "$folder/plan.log" >&2
  exit "$status"
fi
cp .terraform.lock.hcl "$folder/"
lost=0
terraform show -json "$folder/plan.tfplan" | python3 "$here/plan_summary.py" "$environment" >"$folder/plan.md" || lost=$?
cat "$folder/plan.md"
# A plan that deletes data is not kept, so that nobody can approve it.
[ -z "$only" ] && [ "$lost" -eq 0 ] || rm -f "$folder/plan.tfplan"
[ -n "$only" ] || [ "$lost" -eq 0 ] || exit "$lost"
[ "$status" -eq 2 ] && changes=true || changes=false
echo "##vso[task.setvariable variable=changes;isOutput=true]$changes"
