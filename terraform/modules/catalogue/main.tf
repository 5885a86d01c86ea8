# What the collection consists of, read from the apps' own files. Nothing here creates anything: an app is found
# by its resources.json, its triggers by their function.json, its operations by its openapi.yaml.

locals {
  names = sort([for file in fileset(var.functions_folder, "*/resources.json") : dirname(file)])

  resources   = { for app in local.names : app => jsondecode(file("${var.functions_folder}/${app}/resources.json")) }
  deployments = { for app in local.names : app => jsondecode(file("${var.apps_folder}/${app}.json")) }
  contracts   = { for app in local.names : app => yamldecode(fileexists("${var.functions_folder}/${app}/openapi.yaml") ? file("${var.functions_folder}/${app}/openapi.yaml") : "paths: {}") }

  functions = {
    for app in local.names : app => {
      for file in fileset("${var.functions_folder}/${app}/src", "**/function.json") :
      basename(dirname(file)) => jsondecode(file("${var.functions_folder}/${app}/src/${file}")).bindings
    }
  }

  # Every binding of an app with the name of its function, in one form whatever its type.
  bindings = {
    for app, functions in local.functions : app => flatten([
      for name, bindings in functions : [
        for binding in bindings : {
          function   = name
          type       = binding.type
          direction  = try(binding.direction, "in")
          connection = try(binding.connection, null)
          queue      = try(binding.queueName, null)
          container  = try(binding.containerName, null)
          leases     = binding.type == "cosmosDBTrigger" ? try(binding.leaseContainerName, "leases") : null
          blobs      = try(split("/", binding.path)[0], null)
          route      = try(binding.route, null)
          keyed      = contains(["function", "admin"], lower(try(binding.authLevel, "")))
        }
      ]
    ])
  }

  leases = toset(flatten([for bindings in local.bindings : [for binding in bindings : binding.leases if binding.leases != null]]))

  apps = {
    for app in local.names : app => {
      name        = app
      purpose     = local.deployments[app].purpose
      memory_mb   = try(local.deployments[app].memoryMb, 512)
      instances   = try(local.deployments[app].maximumInstances, 40)
      settings    = toset(try(local.deployments[app].settings, []))
      values      = { for name, value in try(local.deployments[app].values, {}) : name => tostring(value) }
      people      = try(local.deployments[app].people, null)
      called_by   = toset(try(local.deployments[app].calledBy, []))
      signs       = try(local.deployments[app].signsUploads, false)
      safety      = try(local.deployments[app].contentSafety, false)
      partners    = try(local.deployments[app].partners, {})
      functions   = sort(keys(local.functions[app]))
      database    = try(local.resources[app].cosmosDb.database, null)
      connections = toset([for binding in local.bindings[app] : binding.connection if binding.connection != null])

      # What it owns.
      documents = [
        for container in try(local.resources[app].cosmosDb.containers, []) : {
          name          = container.name
          partition_key = container.partitionKey
          ttl           = try(container.defaultTtlSeconds, null)
          unique_keys   = try(container.uniqueKeys, [])
          # The change feed processor finds its leases by id; anything else is the app's own business.
          indexes   = try(local.deployments[app].indexes[container.name], contains(local.leases, container.name) ? ["/id/?"] : null)
          dedicated = contains(try(local.deployments[app].dedicatedThroughput, []), container.name)
        }
      ]
      queues     = toset(try(local.resources[app].queues, []))
      containers = toset(try(local.resources[app].blobContainers, []))
      browsers   = toset(try(local.deployments[app].uploadsFromBrowsers, []))
      lifecycle  = { for container, days in try(local.deployments[app].lifecycleDays, {}) : container => days }
      subscriptions = [
        for subscription in try(local.resources[app].eventGridSubscriptions, []) : {
          function     = subscription.function
          container    = subscription.container
          event_types  = try(subscription.eventTypes, ["Microsoft.Storage.BlobCreated"])
          schema       = try(subscription.schema, "eventGridSchema") == "CloudEventSchemaV1_0" ? "CloudEventSchemaV1_0" : "EventGridSchema"
          attempts     = try(subscription.maxDeliveryAttempts, 30)
          minutes      = try(subscription.timeToLiveMinutes, 1440)
          dead_letters = try(subscription.deadLetter.container, null)
        }
      ]

      # What it touches.
      reads_queues  = toset([for binding in local.bindings[app] : binding.queue if binding.type == "queueTrigger"])
      sends_queues  = toset(concat(try(local.deployments[app].queues.send, []), [for binding in local.bindings[app] : binding.queue if binding.type == "queue" && binding.direction == "out"]))
      counts_queues = toset(try(local.deployments[app].queues.length, []))
      feeds         = toset([for binding in local.bindings[app] : binding.container if binding.type == "cosmosDBTrigger"])
      leases        = toset([for binding in local.bindings[app] : binding.leases if binding.leases != null])
      poison        = toset([for binding in local.bindings[app] : binding.function if binding.type == "queueTrigger" && endswith(coalesce(binding.queue, "-"), "-poison")])
      uses_storage  = length(concat(try(local.resources[app].queues, []), try(local.resources[app].blobContainers, []), try(local.deployments[app].queues.send, []), [for binding in local.bindings[app] : binding.queue if binding.queue != null])) > 0

      # Health, because probes cannot sign in; and what asks for a key of the app itself, for the tools of on-call.
      keyed  = toset([for binding in local.bindings[app] : replace(binding.route, "//?\\{.*/", "") if binding.type == "httpTrigger" && binding.keyed])
      health = one([for binding in local.bindings[app] : replace(binding.route, "/\\{.*/", "") if binding.type == "httpTrigger" && binding.function == "health"])
    }
  }

  # The operations of all contracts, each with the app that serves it.
  operations = flatten([
    for app, contract in local.contracts : [
      for path, item in contract.paths : [
        for method, operation in item : {
          id         = "${app}-${operation.operationId}"
          app        = app
          path       = path
          method     = method
          summary    = try(operation.summary, operation.operationId)
          open       = contains(try(operation.tags, []), "Operations")
          deprecated = try(operation["x-deprecated-since"], null)
          sunset     = try(operation["x-sunset"], null)
        } if contains(["get", "put", "post", "delete", "patch", "head", "options"], method)
      ]
    ]
  ])

  # Clients see what starts with a version (/v1/…); /moderation/… and /ops/… are for our own people.
  versions = toset([for operation in local.operations : split("/", operation.path)[1] if can(regex("^/v[0-9]+/", operation.path))])

  # One document for each version. Names of components may repeat between apps, so each gets the app in front.
  documents = {
    for version in local.versions : version => {
      openapi = "3.1.0"
      info    = { title = "Iommi Customer Platform", version = version }
      servers = []
      paths = {
        for path in distinct([for operation in local.operations : operation.path if startswith(operation.path, "/${version}/")]) :
        trimprefix(path, "/${version}") => merge([for app in local.names : try(local.prefixed[app].paths[path], {})]...)
      }
      components = {
        for kind in distinct(flatten([for app in local.names : keys(try(local.prefixed[app].components, {}))])) :
        kind => merge([for app in local.names : { for name, component in try(local.prefixed[app].components[kind], {}) : "${app}-${name}" => component }]...)
      }
    }
  }

  prefixed = {
    for app, contract in local.contracts : app => jsondecode(replace(replace(
      jsonencode(contract),
      "/#/components/([A-Za-z]+)/([A-Za-z])/", "#/components/$1/${app}-$2"),
      "/\"operationId\":\"/", "\"operationId\":\"${app}-"
    ))
  }

  query_parameters = toset(flatten([
    for app, contract in local.contracts : concat(
      [for parameter in values(try(contract.components.parameters, {})) : parameter.name if try(parameter.in, "") == "query"],
      flatten([for path, item in contract.paths : [
        for method, operation in item : [for parameter in try(operation.parameters, []) : parameter.name if try(parameter.in, "") == "query"]
      ]])
    )
  ]))
}
