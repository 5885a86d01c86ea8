# shellcheck shell=bash
# What is where in Azure, found by the tags and names that Terraform gives (terraform/modules/naming), so that no
# pipeline needs the states. Sourced by the other steps.

# `az monitor log-analytics` is an extension; without this az would ask whether it may install it.
export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=yes_without_prompt

# The one that a query finds, or an error that says what is missing.
one() { # what, az arguments…
  local what=$1 found
  shift
  found=$(az "$@" --output tsv)
  if [ -z "$found" ] || [ "$(printf '%s\n' "$found" | wc -l)" -ne 1 ]; then
    echo "expected exactly one $what, found: ${found:-none}" >&2
    return 1
  fi
  printf '%s\n' "$found"
}

function_app() { # environment, region, app: name and resource group, separated by a tab
  one "function app $3 in $1, $2" resource list --resource-type Microsoft.Web/sites --location "$2" \
    --query "[?tags.environment=='$1' && tags.app=='$3'].[name, resourceGroup]"
}

gateway() { # environment, region: its address
  local name
  name=$(one "API Management in $1, $2" resource list --resource-type Microsoft.ApiManagement/service --location "$2" \
    --query "[?tags.environment=='$1'].name") || return
  printf 'https://%s.azure-api.net\n' "$name"
}

front_door() { # environment: its name and resource group, or nothing where there is none
  az resource list --resource-type Microsoft.Cdn/profiles --query "[?tags.environment=='$1'].[name, resourceGroup]" --output tsv
}

# What the front door writes into each request, and gateways ask for; not a secret. Nothing where there is none.
front_door_id() { # environment
  local name group
  IFS=$'\t' read -r name group < <(front_door "$1") || return 0
  az afd profile show --profile-name "$name" --resource-group "$group" --query frontDoorId --output tsv
}

# The host name by which the world reaches the gateways (api), or our people an app; nothing where there is no front door.
front_door_host() { # environment, endpoint
  local name group
  IFS=$'\t' read -r name group < <(front_door "$1") || return 0
  az afd endpoint list --profile-name "$name" --resource-group "$group" --query "[?ends_with(name, '-$2')].hostName" --output tsv
}

# Where the event hubs and the registry are, as Azure says it; nothing where there are none.
event_hubs() { # environment
  local id
  id=$(az resource list --resource-type Microsoft.EventHub/namespaces --query "[?tags.environment=='$1'].id" --output tsv)
  [ -n "$id" ] || return 0
  az eventhubs namespace show --ids "$id" --query serviceBusEndpoint --output tsv
}

workspace() { # environment: the id that queries take
  local id
  id=$(one "Log Analytics workspace in $1" resource list --resource-type Microsoft.OperationalInsights/workspaces \
    --query "[?tags.environment=='$1'].id") || return
  az monitor log-analytics workspace show --ids "$id" --query customerId --output tsv
}

# Brings a package. On Flex Consumption the platform does not in every case learn of new triggers by itself: it is told,
# which is harmless when it knows.
put_package() { # name, resource group, zip
  az functionapp deployment source config-zip --name "$1" --resource-group "$2" --src "$3" --timeout 600 --output none
  local try
  for try in 1 2 3; do
    az rest --method post --output none \
      --url "/subscriptions/{subscriptionId}/resourceGroups/$2/providers/Microsoft.Web/sites/$1/host/default/sync?api-version=2024-04-01" && return
    sleep "${SYNC_PAUSE_S:-20}"
  done
  echo "$1 has its package, but the platform was not told of its triggers after $try tries" >&2
  return 1
}

# Whether an app has the settings that a package needs, and none that takes the storage from its host. What is missing comes
# with the apply of the same merge, which runs beside: so a pipeline waits for it.
settings_are_there() { # name, resource group, file with the names that are needed
  local given missing
  given=$(az functionapp config appsettings list --name "$1" --resource-group "$2" --query '[].name' --output tsv | sort)
  if grep -qx AzureWebJobsStorage <<<"$given"; then
    echo "$1 has the setting AzureWebJobsStorage, which wins over the identity: apply terraform/, nobody else sets it" >&2
    return 2
  fi
  missing=$(comm -13 <(printf '%s\n' "$given") <(sort "$3") | tr '\n' ' ')
  [ -z "$missing" ] || { echo "$1 lacks ${missing% }: apply terraform/ first" >&2; return 1; }
}
