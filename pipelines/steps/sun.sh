#!/usr/bin/env bash
# Sends clients to the region that is at work now: sun.sh ENVIRONMENT [HOUR]. What Terraform would say of this hour
# (modules/sun) becomes the order of the front door's origins; done again it changes nothing. HOUR, in UTC, is for a rehearsal.
set -euo pipefail
environment=$1
hour=${2:-$(date -u +%H)}
# shellcheck source=terraform.sh
source "$(dirname "$0")/terraform.sh"
enter "$environment"
# Whoever is at work first, then the others in the order of failover: 2 to 5, as Front Door has no more.
order='
import json, sys
sun, hour = json.load(sys.stdin), int(sys.argv[1]) % 24
if sun:
    first = sun["by_hour"][hour]
    for place, region in enumerate(sun["regions"]):
        print(sun["profile"], sun["resource_group"], sun["origin_group"], region, 1 if region == first else min(place + 2, 5))
'
terraform output -json sun | python3 -c "$order" "$((10#$hour))" | while read -r profile group origins region priority; do
  now=$(az afd origin show --profile-name "$profile" --resource-group "$group" --origin-group-name "$origins" --origin-name "$region" --query priority --output tsv </dev/null)
  [ "$now" != "$priority" ] || continue
  az afd origin update --profile-name "$profile" --resource-group "$group" --origin-group-name "$origins" --origin-name "$region" \
    --priority "$priority" --output none </dev/null
  echo "$environment: $region was $now, is $priority"
done
