# shellcheck shell=bash
# Which package is where, and every package that ever was deployed: blobs in the account of the Terraform states
# (STATE_ACCOUNT). releases/packages/<app>/<sha256>.zip never changes; deployed-<environment>/<environment>/<region>/<app> says in four words:
# the package that is there, the one before (or none), the run that brought it, and whether it has `begun` or is `finished`.
# A container for each environment (dev-<you> are in that of dev), so that who deploys to dev cannot say what is in production. Sourced by the other steps.

: "${STATE_ACCOUNT:?set it to the storage account of the Terraform states; releases are kept beside them}"

blobs() { # container, verb, az arguments…
  local container=$1 verb=$2
  shift 2
  az storage blob "$verb" --account-name "$STATE_ACCOUNT" --container-name "$container" --auth-mode login --only-show-errors "$@"
}

keep_package() { # app, zip, sha256
  local exists
  exists=$(blobs releases exists --name "packages/$1/$3.zip" --query exists --output tsv)
  [ "$exists" = true ] || blobs releases upload --name "packages/$1/$3.zip" --file "$2" --output none
}

fetch_package() { # app, sha256, file
  blobs releases download --name "packages/$1/$2.zip" --file "$3" --output none
  echo "$2  $3" | sha256sum --check --quiet
}

deployed() { # environment, region, app: package, package before, run, begun or finished
  local file exists
  exists=$(blobs "deployed-${1%%-*}" exists --name "$1/$2/$3" --query exists --output tsv)
  if [ "$exists" != true ]; then
    echo "none none none finished"
    return
  fi
  file=$(mktemp)
  blobs "deployed-${1%%-*}" download --name "$1/$2/$3" --file "$file" --output none
  cat "$file"
  rm -f "$file"
}

note_deployed() { # environment, region, app, package, package before, run, begun or finished
  local file
  file=$(mktemp)
  echo "$4 $5 $6 $7" >"$file"
  blobs "deployed-${1%%-*}" upload --name "$1/$2/$3" --file "$file" --overwrite --output none
  rm -f "$file"
}
