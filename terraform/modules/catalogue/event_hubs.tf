# Event hubs: what apps own and touch of them, and what the Standard tier does not have. A hub belongs to the app that sends
# to it, a consumer group to the app that reads.

locals {
  hubs_of = {
    for app, file in local.files : app => {
      for hub in try(file.owns.eventHubs, []) : hub.name => {
        partitions = hub.partitions
        hours      = try(hub.retentionHours, 168)
        team       = try(hub.team, local.team_of[app])
        capture = try({
          container = hub.capture.container
          seconds   = try(hub.capture.seconds, 300)
          bytes     = try(hub.capture.bytes, 314572800)
        }, null)
      }
    }
  }

  groups_of = {
    for app, file in local.files : app => {
      for group in try(file.owns.consumerGroups, []) : "${group.name} of ${group.eventHub}" => { name = group.name, hub = group.eventHub, team = local.team_of[app] }
    }
  }

  # Who publishes says so under `uses`, as no binding does it; an output binding counts as well.
  sends_hubs = {
    for app, file in local.files : app => toset(concat(
      [for hub, uses in try(file.uses.eventHubs, {}) : hub if contains(uses, "send")],
      [for binding in local.bindings[app] : binding.hub if binding.type == "eventHub" && binding.direction == "out"]
    ))
  }

  reads_hubs = { for app, bindings in local.bindings : app => toset([for binding in bindings : binding.hub if binding.type == "eventHubTrigger"]) }

  hubs = merge([
    for app, hubs in local.hubs_of : {
      for name, hub in hubs : name => merge(hub, {
        groups = { for group in flatten([for groups in local.groups_of : values(groups)]) : group.name => group.team if group.hub == name }
      })
    }
  ]...)

  declared_groups = { for app, groups in local.groups_of : app => [for group in groups : "${group.name} of ${group.hub}"] }

  # A slip of the pen in a name must not become a hub that nobody reads.
  hubless = distinct(concat(
    flatten([for app, groups in local.groups_of : [for group in groups : "event hub ${group.hub} (${app})" if !contains(keys(local.hubs), group.hub)]]),
    flatten([for app, hubs in local.sends_hubs : [for hub in hubs : "event hub ${hub} (${app})" if !contains(keys(local.hubs), hub)]]),
    flatten([for app, bindings in local.bindings : [
      for binding in bindings : "consumer group ${binding.group} of ${binding.hub} that is ${app}'s own"
      if binding.group != null && !contains(local.declared_groups[app], "${coalesce(binding.group, "-")} of ${coalesce(binding.hub, "-")}")
    ]])
  ))

  uncaptured = [
    for name, hub in local.hubs : "the event hub ${name} is captured into ${hub.capture.container}"
    if hub.capture != null && !contains(local.owned_containers, try(hub.capture.container, "-"))
  ]

  # Of Standard, as of 2026. `$Default` is a group too.
  limits = { hubs = 10, groups = 20, partitions = 32, hours = 168, seconds = [60, 900], bytes = [10485760, 524288000] }

  beyond_limits = concat(
    length(local.hubs) <= local.limits.hubs ? [] : ["${length(local.hubs)} event hubs, and a namespace holds ${local.limits.hubs}"],
    flatten([for name, hub in local.hubs : concat(
      hub.partitions >= 1 && hub.partitions <= local.limits.partitions && floor(hub.partitions) == hub.partitions ? [] : ["${hub.partitions} partitions of ${name}, and a hub has 1 to ${local.limits.partitions}"],
      hub.hours >= 1 && hub.hours <= local.limits.hours && floor(hub.hours) == hub.hours ? [] : ["${hub.hours} hours of retention of ${name}, and there are 1 to ${local.limits.hours}"],
      length(hub.groups) < local.limits.groups ? [] : ["${length(hub.groups)} consumer groups of ${name}, and a hub has ${local.limits.groups} with $Default"],
      hub.capture == null || try(hub.capture.seconds >= local.limits.seconds[0] && hub.capture.seconds <= local.limits.seconds[1], false) ? [] : ["capture of ${name} each ${hub.capture.seconds} seconds, and it is ${join(" to ", local.limits.seconds)}"],
      hub.capture == null || try(hub.capture.bytes >= local.limits.bytes[0] && hub.capture.bytes <= local.limits.bytes[1], false) ? [] : ["capture of ${name} each ${hub.capture.bytes} bytes, and it is ${join(" to ", local.limits.bytes)}"]
    )])
  )

  unraised_captures = flatten([for app in local.apps : [
    for subscription in app.subscriptions : "${subscription.function} of ${app.name}"
    if subscription.source == "capture" && length([for hub in local.hubs : hub if hub.capture != null]) == 0
  ]])
}
