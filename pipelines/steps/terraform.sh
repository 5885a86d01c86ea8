# shellcheck shell=bash
# Terraform in one environment, as the identity of the service connection. The token that AzureCLI@2 has lives some ten
# minutes and an apply lives longer: so the providers and the state ask Azure DevOps for a new one whenever they need it,
# with the run's own token. Without a connection (by hand) it is whoever did `az login`. Sourced by the other steps.

: "${STATE_ACCOUNT:?set it to the storage account of the Terraform states}"

export TF_IN_AUTOMATION=1 TF_INPUT=0 ARM_USE_AZUREAD=true
if [ -n "${AZURESUBSCRIPTION_SERVICE_CONNECTION_ID:-}" ]; then
  : "${SYSTEM_ACCESSTOKEN:?give it to the step under env: \$(System.AccessToken)}" "${SYSTEM_OIDCREQUESTURI:?Azure DevOps sets it}"
  export ARM_USE_OIDC=true ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID=$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID
  export ARM_CLIENT_ID=${servicePrincipalId:?} ARM_TENANT_ID=${tenantId:?}
fi

enter() { # environment: the folder, with the state and the decisions of one of them
  cd "$(dirname "${BASH_SOURCE[0]}")/../../terraform/environments" || return
  TF_VAR_subscription_id=${TF_VAR_subscription_id:-$(az account show --query id --output tsv)}
  # A plan of one environment never meets the state of another.
  export TF_VAR_subscription_id TF_CLI_ARGS_plan="-var-file=$1.tfvars" TF_DATA_DIR="$PWD/.terraform/$1"
  terraform init -reconfigure -backend-config=resource_group_name="${STATE_RESOURCE_GROUP:-rg-iommi-state}" \
    -backend-config=storage_account_name="$STATE_ACCOUNT" -backend-config=container_name="states-$1" \
    -backend-config=key="$1.tfstate" >/dev/null
}
