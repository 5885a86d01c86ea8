# What the collection consists of, read from the apps' own files. Nothing here creates anything: an app is found by its
# app.json, its triggers by their function.json. What it serves is in contracts.tf, what may not be in refusals.tf.

locals {
  names = sort([for file in fileset(var.functions_folder, "*/app.json") : dirname(file)])

  files = { for app in local.names : app => jsondecode(file("${var.functions_folder}/${app}/app.json")) }

  # A queue with a region in its name is one for each.
  owned_names    = { for app, file in local.files : app => distinct(flatten([for queue in try(file.owns.queues, []) : [for region in var.sun_regions : replace(queue, "%SUN_REGION%", region)]])) }
  used_queues_of = { for app, file in local.files : app => merge([for region in var.sun_regions : { for queue, uses in try(file.uses.queues, {}) : replace(queue, "%SUN_REGION%", region) => uses }]...) }
  every          = jsondecode(file("${var.functions_folder}/every-app.json"))

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
          queues     = [for region in can(binding.queueName) ? var.sun_regions : [] : replace(binding.queueName, "%SUN_REGION%", region)]
          feed       = binding.type == "cosmosDBTrigger" ? "${binding.databaseName}/${binding.containerName}" : null
          leases     = binding.type == "cosmosDBTrigger" ? "${try(binding.leaseDatabaseName, binding.databaseName)}/${try(binding.leaseContainerName, "leases")}" : null
          route      = try(binding.route, null)
          schedule   = try(binding.schedule, "")
          hub        = try(binding.eventHubName, null)
          group      = binding.type == "eventHubTrigger" ? try(binding.consumerGroup, "$Default") : null
          keyed      = contains(["function", "admin"], lower(try(binding.authLevel, "")))
        }
      ]
    ])
  }

  # What a setting is in Azure: `{}` is what every-app.json says, and nothing at all where that says nothing.
  sources = ["value", "secret", "agreedSecret", "platform", "urlOf", "scopeOf"]

  settings = {
    for app, file in local.files : app => {
      for name, setting in {
        for name, own in try(file.settings, {}) : name => try(length(own) == 0 ? local.every.settings[name].azure : own.azure, {})
      } : name => one([for source in local.sources : { source = source, of = tostring(setting[source]) } if can(setting[source])]) if length(setting) > 0
    }
  }

  # What HTTP functions serve, with parameters that have no name; what takes all that nothing else takes is left out.
  routes = {
    for app, functions in local.functions : app => flatten([
      for name, bindings in functions : [
        for binding in bindings : {
          function = name
          form     = "/${replace(binding.route, "/\\{[^}]*\\}/", "{}")}"
          methods  = [for method in try(binding.methods, ["get", "head", "post", "put", "patch", "delete", "options"]) : lower(method)]
        } if binding.type == "httpTrigger" && !strcontains(try(binding.route, "{*"), "{*")
      ]
    ])
  }

  apps = {
    for app, file in local.files : app => {
      name      = app
      purpose   = file.purpose
      team      = local.team_of[app]
      memory_mb = try(file.memoryMb, 512)
      instances = try(file.maximumInstances, 40)
      # Requests that one instance takes at once, before there is another: a handler waits for others most of the time,
      # but what asks for more memory works with pictures.
      http_concurrency = try(file.memoryMb, 512) > 512 ? 20 : 100
      # Instances that wait for work, by what they wait for, where the environment pays for them.
      always_ready = { for what, count in try(file.alwaysReady, {}) : what => count }
      settings     = local.settings[app]
      host         = { for name, value in try(file.host, {}) : name => tostring(value) }
      people       = [for people in try(file.people, []) : { role = people.role, page = people.page }]
      called_by    = toset(try(file.calledBy, []))
      signs        = try(file.signsUrls, false)
      safety       = try(file.contentSafety, false)
      email        = try(file.sendsEmail, false)
      partners     = { for name, partner in try(file.partners, {}) : name => { for verb in ["receives", "sends", "reads", "uploads"] : verb => toset(try(partner[verb], [])) } }
      functions    = sort(keys(local.functions[app]))
      from_hubs    = toset([for binding in local.bindings[app] : binding.function if binding.type == "eventHubTrigger"])
      connections  = toset([for binding in local.bindings[app] : binding.connection if binding.connection != null])

      # What it owns. Its documents are in the database that bears its name.
      documents = [
        for container in try(file.owns.containers, []) : {
          name          = container.name
          partition_key = container.partitionKey
          ttl           = try(container.defaultTtlSeconds, null)
          unique_keys   = try(container.uniqueKeys, [])
          indexes       = try(container.indexes, null)
          dedicated     = try(container.dedicatedThroughput, false)
        }
      ]
      queues      = toset(local.owned_names[app])
      containers  = toset([for container in try(file.owns.blobContainers, []) : container.name])
      browsers    = toset([for container in try(file.owns.blobContainers, []) : container.name if try(container.uploadsFromBrowsers, false)])
      lifecycle   = { for container in try(file.owns.blobContainers, []) : container.name => container.deleteAfterDays if can(container.deleteAfterDays) }
      retention   = { for container in try(file.owns.blobContainers, []) : container.name => container.keepForDays if can(container.keepForDays) }
      event_types = toset(try(file.owns.eventTypes, []))
      hubs        = local.hubs_of[app]
      groups      = local.groups_of[app]
      # Who asks where checkpoints are may read them.
      reads_checkpoints = anytrue([for setting in local.settings[app] : setting.source == "platform" && setting.of == "checkpoints"])
      subscriptions = [
        for subscription in try(file.eventSubscriptions, []) : {
          function     = subscription.function
          source       = subscription.source
          container    = try(subscription.container, null)
          topic        = try(subscription.topic, null)
          event_types  = tolist(try(subscription.eventTypes, subscription.source == "blob" ? ["Microsoft.Storage.BlobCreated"] : []))
          schema       = try(subscription.schema, "eventGridSchema") == "CloudEventSchemaV1_0" ? "CloudEventSchemaV1_0" : "EventGridSchema"
          attempts     = try(subscription.maxDeliveryAttempts, 30)
          minutes      = try(subscription.timeToLiveMinutes, 1440)
          dead_letters = try(subscription.deadLetter.container, null)
        }
      ]

      # What it touches. Only what belongs to others stands under `uses.containers`; what it owns it may use.
      reads_queues  = toset(concat(flatten([for binding in local.bindings[app] : binding.queues if binding.type == "queueTrigger"]), [for queue, uses in local.used_queues_of[app] : queue if contains(uses, "process")]))
      sends_queues  = toset(concat([for queue, uses in local.used_queues_of[app] : queue if contains(uses, "send")], flatten([for binding in local.bindings[app] : binding.queues if binding.type == "queue" && binding.direction == "out"])))
      sends_hubs    = local.sends_hubs[app]
      reads_hubs    = local.reads_hubs[app]
      counts_queues = toset([for queue, uses in local.used_queues_of[app] : queue if contains(uses, "length")])
      reads_blobs   = toset([for container, uses in try(file.uses.blobContainers, {}) : container if contains(uses, "read")])
      foreign       = toset([for container, uses in try(file.uses.containers, {}) : container])
      feeds         = toset([for binding in local.bindings[app] : binding.feed if binding.feed != null])
      leases        = toset([for binding in local.bindings[app] : binding.leases if binding.leases != null])

      # Minutes from one run of a timer to the next, at most: NCRONTAB's second, minute and hour; all else is once a day.
      timers = {
        for binding in local.bindings[app] : binding.function => (
          can(regex("^\\S+ \\*(/[0-9]+)? \\* ", binding.schedule)) ? try(tonumber(regex("^\\S+ \\*/([0-9]+) ", binding.schedule)[0]), 1) :
          can(regex("^\\S+ \\S+ \\*(/[0-9]+)? ", binding.schedule)) ? 60 * try(tonumber(regex("^\\S+ \\S+ \\*/([0-9]+) ", binding.schedule)[0]), 1) :
          1440
        ) if binding.type == "timerTrigger"
      }

      # Health, because probes cannot sign in; and what asks for a key of the app itself, for the tools of on-call.
      keyed  = toset([for binding in local.bindings[app] : replace(binding.route, "//?\\{.*/", "") if binding.type == "httpTrigger" && binding.keyed])
      health = one([for binding in local.bindings[app] : replace(binding.route, "/\\{.*/", "") if binding.type == "httpTrigger" && binding.function == "health"])
    }
  }
}
