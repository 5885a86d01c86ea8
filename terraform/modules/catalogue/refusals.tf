# What no plan may be made from, in words that name whose it is.

locals {
  owned_queues     = flatten([for app in local.apps : tolist(app.queues)])
  owned_containers = flatten([for app in local.apps : tolist(app.containers)])

  # A name has one owner. Parameters of a route may be called as one likes.
  claims = flatten([
    for app in local.apps : concat(
      [for queue in app.queues : { what = "the queue ${queue}", app = app.name }],
      [for container in app.containers : { what = "the blob container ${container}", app = app.name }],
      [for type in app.event_types : { what = "the event type ${type}", app = app.name }],
      [for hub in keys(app.hubs) : { what = "the event hub ${hub}", app = app.name }],
      [for group in keys(app.groups) : { what = "the consumer group ${group}", app = app.name }],
      [for binding in local.bindings[app.name] : { what = "the route ${replace(binding.route, "/\\{[^}]*\\}/", "{}")}", app = app.name } if binding.route != null]
    )
  ])
  claimed = { for claim in local.claims : claim.what => claim.app... }
  twice   = [for what, apps in local.claimed : "${what}: ${join(" and ", sort(distinct(apps)))}" if length(distinct(apps)) > 1]

  # A poison queue belongs to whom its queue belongs to.
  used_queues = flatten([for app in local.apps : [for queue in setunion(app.reads_queues, app.sends_queues, app.counts_queues) : { app = app.name, queue = queue, owned = trimsuffix(queue, "-poison") }]])
  unowned = concat(
    [for used in local.used_queues : "the queue ${used.queue} (${used.app})" if !contains(local.owned_queues, used.owned)],
    flatten([for app in local.apps : [for container in app.foreign : "the container ${container} (${app.name})" if !contains(local.owned_documents, container)]]),
    flatten([for app in local.apps : [for container in app.reads_blobs : "the blob container ${container} (${app.name})" if !contains(local.owned_containers, container)]]),
    flatten([for app in local.apps : [for subscription in app.subscriptions : "the blob container ${subscription.container} (${app.name})" if subscription.container != null && !contains(local.owned_containers, coalesce(subscription.container, "none"))]])
  )

  # Only what an app has asked for raises events that it can subscribe to.
  silent_topics = flatten([for app in local.apps : [
    for subscription in app.subscriptions : "${subscription.topic} (${app.name})"
    if subscription.topic != null && !(subscription.topic == "communication" && app.email)
  ]])

  owned_documents = flatten([for app in local.apps : [for container in app.documents : "${app.name}/${container.name}"]])

  # No identity may make containers, so the ones for leases are owned like all others.
  homeless_leases = flatten([for app in local.apps : [for leases in app.leases : "${leases} (${app.name})" if !contains([for container in app.documents : "${app.name}/${container.name}"], leases)]])
  unread_feeds    = flatten([for app in local.apps : [for feed in app.feeds : "${feed} (${app.name})" if !contains(app.foreign, feed) && !contains([for container in app.documents : "${app.name}/${container.name}"], feed)]])

  # What is put aside must be looked at: by the app's timer that works at it again, or keeps it as a dead letter.
  unwatched = flatten([for app, file in local.files : [
    for queue, uses in local.used_queues_of[app] : "${queue}-poison (${app})"
    if contains(uses, "trigger") && !endswith(queue, "-poison") && !contains(try(local.used_queues_of[app]["${queue}-poison"], []), "process")
  ]])

  strangers = flatten([for app in local.apps : [
    for name, setting in app.settings : "${name} of ${app.name}: ${setting.source} ${setting.of}"
    if contains(["urlOf", "scopeOf"], setting.source) && !contains(try(tolist(local.apps[setting.of].called_by), []), app.name)
  ]])

  # What can be always ready is a group of triggers or one function that is in none of them (Azure's names).
  unready = flatten([for app, file in local.files : [
    for what, count in try({ for what, count in file.alwaysReady : what => count }, { alwaysReady = 0 }) : "${what} of ${app}"
    if !try(floor(count) == count && count >= 1 && count <= local.apps[app].instances, false) ||
    !(contains(["http", "blob"], what) || contains([for name, bindings in local.functions[app] : "function:${name}" if !contains(["httpTrigger", "blobTrigger"], bindings[0].type)], what))
  ] if can(file.alwaysReady)])

  # Whoever signs has no key of an app either, so API Management is the only way in.
  shut_out = [for operation in local.operations : "${operation.path} of ${operation.app}" if operation.signed && operation.api == null]

  lost_paths = flatten([for app, contract in local.own : [for path, item in contract.paths : "${path} of ${app}: ${item["$ref"]}" if can(item["$ref"]) && !can(local.shared_paths[item["$ref"]])]])
}
