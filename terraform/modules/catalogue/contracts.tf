# The operations of all apps, and one OpenAPI document for each API: self-contained, since API Management follows no
# reference to another file.

locals {
  # The parts of contracts that apps share, by their crate.
  shared_files = { for file in fileset(var.crates_folder, "*/openapi.yaml") : dirname(file) => yamldecode(file("${var.crates_folder}/${file}")) }
  own_files    = { for app in local.names : app => yamldecode(fileexists("${var.functions_folder}/${app}/openapi.yaml") ? file("${var.functions_folder}/${app}/openapi.yaml") : "paths: {}") }

  # What an app keeps beside its contract, by app and file.
  part_files = merge([for app in local.names : {
    for file in fileset("${var.functions_folder}/${app}/contract", "*.yaml") : "${app}-contract-${trimsuffix(file, ".yaml")}" => { app = app, content = yamldecode(file("${var.functions_folder}/${app}/contract/${file}")) }
  }]...)

  # Names of components may repeat, so each gets its app, its file or its crate in front; what stands in another file then
  # is in the same document.
  own_parts = {
    for name, part in local.part_files : name => jsondecode(replace(replace(replace(replace(
      jsonencode(try(part.content.components, {})),
      "/\"#/components/([A-Za-z]+)[/]/", "\"#/components/$1/${name}-"),
      "/\"([a-z-]+)\\.yaml#/components/([A-Za-z]+)[/]/", "\"#/components/$2/${part.app}-contract-$1-"),
      "/\"\\.\\./openapi\\.yaml#/components/([A-Za-z]+)[/]/", "\"#/components/$1/${part.app}-"),
      "/\"\\.\\./\\.\\./\\.\\./crates/([a-z-]+)/openapi\\.yaml#/components/([A-Za-z]+)[/]/", "\"#/components/$2/$1-"
    ))
  }

  shared = {
    for crate, contract in local.shared_files : crate => jsondecode(replace(replace(
      jsonencode(try(contract.components, {})),
      "/\"#/components/([A-Za-z]+)[/]/", "\"#/components/$1/${crate}-"),
      "/\"\\.\\./([a-z-]+)/openapi\\.yaml#/components/([A-Za-z]+)[/]/", "\"#/components/$2/$1-"
    ))
  }

  own = {
    for app, contract in local.own_files : app => jsondecode(replace(replace(replace(
      jsonencode({ paths = contract.paths, components = try(contract.components, {}) }),
      "/\"#/components/([A-Za-z]+)[/]/", "\"#/components/$1/${app}-"),
      "/\"contract/([a-z-]+)\\.yaml#/components/([A-Za-z]+)[/]/", "\"#/components/$2/${app}-contract-$1-"),
      "/\"\\.\\./\\.\\./crates/([a-z-]+)/openapi\\.yaml#/components/([A-Za-z]+)[/]/", "\"#/components/$2/$1-"
    ))
  }

  # A path may be one of the shared ones, with some members of its operations said otherwise and some answers added.
  shared_paths = merge([for crate, components in merge(local.shared, local.own_parts) : { for name, item in try(components.pathItems, {}) : "#/components/pathItems/${crate}-${name}" => item }]...)
  bases        = { for app, contract in local.own : app => { for path, item in contract.paths : path => try(local.shared_paths[item["$ref"]], {}) } }

  paths = {
    for app, contract in local.own : app => jsondecode(replace(
      jsonencode({
        for path, item in contract.paths : path => {
          for member in setsubtract(setunion(keys(item), keys(local.bases[app][path])), ["$ref"]) :
          member => try(
            {
              for key in setunion(keys(item[member]), keys(local.bases[app][path][member])) :
              key => try(merge(local.bases[app][path][member][key], item[member][key]), item[member][key], local.bases[app][path][member][key])
            },
            item[member],
            local.bases[app][path][member]
          )
        }
      }),
      "/\"operationId\":\"/", "\"operationId\":\"${app}-"
    ))
  }

  # Clients see what starts with a version (/v1/…) or with its app and a version (/credit/v1/…); /moderation/… and
  # /ops/… are for our own people. What asks for a key of the app itself is for the tools of on-call.
  operations = flatten([
    for app, paths in local.paths : [
      for path, item in paths : [
        for method, operation in item : {
          id      = operation.operationId
          app     = app
          api     = anytrue([for keyed in local.apps[app].keyed : path == "/${keyed}" || startswith(path, "/${keyed}/")]) ? null : try(regex("^/((?:${app}/)?v[0-9]+)/", path)[0], null)
          path    = path
          method  = method
          summary = try(operation.summary, operation.operationId)
          # Which function serves it: a host's telemetry knows requests by that. A contract may spell out what a route leaves
          # to a parameter.
          function = try(
            [for route in local.routes[app] : route.function if route.form == replace(path, "/\\{[^}]*\\}/", "{}") && contains(route.methods, method)][0],
            [for route in local.routes[app] : route.function if can(regex("^${replace(route.form, "{}", "[^/]+")}$", path)) && contains(route.methods, method)][0],
            null
          )
          # Open to everybody are those for the tools of on-call, and those whose callers sign what they send: the app knows
          # them by the header that x-signed names.
          open       = contains(try(operation.tags, []), "Operations") || can(operation["x-signed"])
          signed     = can(operation["x-signed"])
          deprecated = try(operation["x-deprecated-since"], null)
          sunset     = try(operation["x-sunset"], null)
        } if contains(["get", "put", "post", "delete", "patch", "head", "options"], method)
      ]
    ]
  ])

  # An API for each such start, with the paths of all apps that have some there.
  documents = {
    for api in toset([for operation in local.operations : operation.api if operation.api != null]) : api => {
      openapi = "3.1.0"
      info    = { title = "Iommi Customer Platform", version = basename(api) }
      servers = []
      paths = {
        for path in distinct([for operation in local.operations : operation.path if operation.api == api]) :
        trimprefix(path, "/${api}") => merge([for app in local.names : try(local.paths[app][path], {})]...)
      }
      components = {
        for kind in setsubtract(flatten([for part in local.parts[api] : keys(part.components)]), ["pathItems"]) :
        kind => merge([for part in local.parts[api] : { for name, component in try(part.components[kind], {}) : "${part.name}-${name}" => component }]...)
      }
    }
  }

  parts = {
    for api in toset([for operation in local.operations : operation.api if operation.api != null]) : api => concat(
      [for app in distinct([for operation in local.operations : operation.app if operation.api == api]) : { name = app, components = local.own[app].components }],
      [for name, part in local.part_files : { name = name, components = local.own_parts[name] } if contains([for operation in local.operations : operation.app if operation.api == api], part.app)],
      [for crate, components in local.shared : { name = crate, components = components }]
    )
  }

  query_parameters = toset(flatten(concat(
    [for components in concat(values(local.shared), values(local.own_parts), [for contract in local.own : contract.components]) :
    [for parameter in values(try(components.parameters, {})) : parameter.name if try(parameter.in, "") == "query"]],
    [for app, paths in local.paths : [for path, item in paths : [
      for method, operation in item : [for parameter in try(operation.parameters, []) : parameter.name if try(parameter.in, "") == "query"]
    ]]]
  )))
}
