#!/usr/bin/env bash
# Writes a plan under its pull request: post-plan.sh PLAN.md APPS.txt. Azure DevOps says in the environment which one;
# without a pull request it prints.
set -euo pipefail
plan=$1 apps=$2
body=$(python3 - "$plan" "$apps" <<'PY'
import json, sys
plan, apps = (open(name).read() for name in sys.argv[1:])
apps = ", ".join(f"`{app}`" for app in apps.split()) or "none"
print(json.dumps({"comments": [{"parentCommentId": 0, "content": f"{plan}\nPackages that change: {apps}.", "commentType": 1}], "status": 1}))
PY
)
if [ -z "${SYSTEM_PULLREQUEST_PULLREQUESTID:-}" ]; then
  printf '%s\n' "$body"
  exit 0
fi
url="${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECT}/_apis/git/repositories/${BUILD_REPOSITORY_ID}"
url="$url/pullRequests/${SYSTEM_PULLREQUEST_PULLREQUESTID}/threads?api-version=7.1"
# The token goes by standard input: a command line can be read by others on the machine.
printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN" |
  curl --config - --silent --show-error --fail --max-time 60 --retry 3 --output /dev/null \
    --header 'Content-Type: application/json' --data "$body" "$url"
