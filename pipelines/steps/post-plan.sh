#!/usr/bin/env bash
# Shows a plan to the reviewers: post-plan.sh PLAN.md APPS.txt. On the run's page, and under the pull request where that is in
# Azure Repos and the build service may comment; a comment that is refused fails nothing. Without a pull request it prints.
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
echo "##vso[task.uploadsummary]$(cd "$(dirname "$plan")" && pwd)/$(basename "$plan")"
# Elsewhere (GitHub) the repository's id is none of Azure DevOps, and the run's page is linked from the pull request's checks.
[ "${BUILD_REPOSITORY_PROVIDER:-}" = TfsGit ] || exit 0
url="${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECT}/_apis/git/repositories/${BUILD_REPOSITORY_ID}"
url="$url/pullRequests/${SYSTEM_PULLREQUEST_PULLREQUESTID}/threads?api-version=7.1"
# The token goes by standard input: a command line can be read by others on the machine.
printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN" |
  curl --config - --silent --show-error --fail --max-time 60 --retry 3 --output /dev/null \
    --header 'Content-Type: application/json' --data "$body" "$url" ||
  echo "##vso[task.logissue type=warning]the plan is on the run's page only: the build service needs 'Contribute to pull requests'"
