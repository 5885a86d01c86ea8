#!/usr/bin/env bash
# Brings released schemas into an environment's registry: register-schemas.sh ENVIRONMENT [--check]. Nobody else registers: what
# is there stays for ever. With --check it only says what the registry and git do not have in common.
set -euo pipefail
environment=$1
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=azure.sh
source "$here/azure.sh"
url=$(event_hubs "$environment")
if [ -z "$url" ]; then
  echo "$environment has no event hubs: nothing to register"
  exit 0
fi
# The token goes by standard input: a command line can be read by others on the machine.
az account get-access-token --resource https://eventhubs.azure.net --query accessToken --output tsv |
  "$here/register_schemas.py" "$url" "${@:2}"
