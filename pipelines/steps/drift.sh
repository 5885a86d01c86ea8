#!/usr/bin/env bash
# Whether Azure still is what Terraform made of it: drift.sh ENVIRONMENT. Exits 1, with a list, when somebody changed
# something by hand. What main has and nobody has applied yet counts as well: it should have been.
set -euo pipefail
environment=$1
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/plan.sh" "$environment" "$folder" --read-only
if ! grep -q '^Nothing changes' "$folder/plan.md"; then
  echo "$environment is not what terraform/ says" >&2
  exit 1
fi
