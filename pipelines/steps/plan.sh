#!/usr/bin/env bash
# A plan that is kept: plan.sh ENVIRONMENT FOLDER [--read-only]. Writes plan.tfplan and, for people, plan.md into FOLDER;
# tells the pipeline in `changes` whether there is anything to apply. With --read-only it takes no lock on the state and
# keeps no plan: such an identity may not write.
set -euo pipefail
environment=$1 folder=$2 read_only=${3-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# shellcheck source=terraform.sh
source "$here/terraform.sh"
enter "$environment"

status=0
terraform plan -detailed-exitcode -no-color -out="$folder/plan.tfplan" ${read_only:+-lock=false} >"$folder/plan.log" 2>&1 || status=$?
if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then
  cat "$folder/plan.log" >&2
  exit "$status"
fi
cp .terraform.lock.hcl "$folder/"
terraform show -json "$folder/plan.tfplan" | python3 "$here/plan_summary.py" "$environment" >"$folder/plan.md"
[ -z "$read_only" ] || rm -f "$folder/plan.tfplan"
cat "$folder/plan.md"
[ "$status" -eq 2 ] && changes=true || changes=false
echo "##vso[task.setvariable variable=changes;isOutput=true]$changes"
