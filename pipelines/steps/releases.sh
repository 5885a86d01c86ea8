# shellcheck shell=bash
# Which package is where, and every package that ever was deployed: blobs in the container `releases` of the account of
# the Terraform states (STATE_ACCOUNT). packages/<app>/<sha256>.zip never changes; deployed/<environment>/<region>/<app>
# says in four words: the package that is there, the one before (or none), the run that brought it, and whether it has
# `begun` or is `finished`. Sourced by the other steps.

: "${STATE_ACCOUNT:?set it to the storage account of the Terraform states; releases are kept beside them}"

releases() { # verb, az arguments…
  local verb=$1
  shift
  az storage blob "$verb" --account-name "$STATE_ACCOUNT" --container-name releases --auth-mode login --only-show-errors "$@"
}

keep_package() { # app, zip, sha256
  local exists
  exists=$(releases exists --name "packages/$1/$3.zip" --query exists --output tsv)
  [ "$exists" = true ] || releases upload --name "packages/$1/$3.zip" --file "$2" --output none
}

fetch_package() { # app, sha256, file
  releases download --name "packages/$1/$2.zip" --file "$3" --output none
  echo "$2  $3" | sha256sum --check --quiet
}

deployed() { # environment, region, app: package, package before, run, begun or finished
  local file exists
  exists=$(releases exists --name "deployed/$1/$2/$3" --query exists --output tsv)
  if [ "$exists" != true ]; then
    echo "none none none finished"
    return
  fi
  file=$(mktemp)
  releases download --name "deployed/$1/$2/$3" --file "$file" --output none
  cat "$file"
  rm -f "$file"
}

note_deployed() { # environment, region, app, package, package before, run, begun or finished
  local file
  file=$(mktemp)
  echo "$4 $5 $6 $7" >"$file"
  releases upload --name "deployed/$1/$2/$3" --file "$file" --overwrite --output none
  rm -f "$file"
}
