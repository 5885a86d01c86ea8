#!/usr/bin/env bash
# Applies exactly the plan that was approved: apply.sh ENVIRONMENT FOLDER, the folder that plan.sh filled. If the
# environment has changed since, Terraform refuses it.
set -euo pipefail
environment=$1
folder=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# The providers of the plan, not newer ones.
cp "$folder/.terraform.lock.hcl" "$here/../../terraform/environments/"
# shellcheck source=terraform.sh
source "$here/terraform.sh"
enter "$environment"
terraform apply -no-color "$folder/plan.tfplan"
