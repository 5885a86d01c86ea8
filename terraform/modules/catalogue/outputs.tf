output "apps" {
  description = "The apps by name: what each owns, what it touches, what it needs."
  value       = local.apps

  precondition {
    condition     = length(local.names) > 0
    error_message = "No app found: ${var.functions_folder} has no folder with an app.json."
  }

  precondition {
    condition     = length(local.twice) == 0
    error_message = "Each name has one owner, but two apps have ${join("; ", local.twice)}. Rename one of them in its app.json or function.json."
  }

  precondition {
    condition     = length(local.unowned) == 0
    error_message = "No app owns ${join(", ", local.unowned)}: name it under `owns` in the app.json of the app that it belongs to."
  }

  precondition {
    condition     = length(local.silent_topics) == 0
    error_message = "Nothing raises events for ${join(", ", local.silent_topics)}: there is the topic communication, for an app with \"sendsEmail\": true."
  }

  precondition {
    condition     = length(local.homeless_leases) == 0
    error_message = "Leases are kept in the app's own database: ${join(", ", local.homeless_leases)} is not under `owns.containers`, or leaseDatabaseName is another app's."
  }

  precondition {
    condition     = length(local.unread_feeds) == 0
    error_message = "A change feed of another app is named under `uses.containers`: ${join(", ", local.unread_feeds)}."
  }

  precondition {
    condition     = length(local.unwatched) == 0
    error_message = "A poison queue is read by the app whose function the queue triggers: ${join(", ", local.unwatched)} is not. Name it under `uses.queues` as [\"process\"]."
  }

  precondition {
    condition     = length(local.strangers) == 0
    error_message = "An app that calls another stands in the other's calledBy: ${join(", ", local.strangers)}."
  }

  precondition {
    condition     = length(local.unready) == 0
    error_message = "alwaysReady has http, blob or function:<name of a function of neither>, and how many instances, 1 or more: not ${join(", ", local.unready)}."
  }

  precondition {
    condition     = length(local.lost_paths) == 0
    error_message = "A path refers to a shared one that is not there: ${join(", ", local.lost_paths)}."
  }
}

output "operations" {
  description = "The operations of all contracts, each with the app that serves it and the API that it is in; null: none."
  value       = local.operations

  precondition {
    condition     = length(local.shut_out) == 0
    error_message = "x-signed is for what API Management serves without a key, and it does not serve ${join(", ", local.shut_out)}: the path begins with a version, or the app and a version, and its function.json says \"authLevel\": \"anonymous\"."
  }
}

output "documents" {
  description = "For each API (v1, credit/v1) one OpenAPI document with the paths of all apps that serve it, as JSON."
  # `{docs}` in what apps share is the page of the contract.
  value = {
    for api, document in local.documents : api => replace(
      jsonencode(document), "{docs}", try(sort([for operation in local.operations : operation.path if operation.api == api && endswith(operation.path, "/docs")])[0], "/${api}/docs")
    )
  }
}

output "query_parameters" {
  description = "Names of query parameters in any contract: their values stay out of logs."
  value       = local.query_parameters
}

output "queues" {
  description = "All queues. A queue that triggers has its poison queue, which nobody declares."
  value = toset(concat(local.owned_queues, flatten([
    for app in local.apps : [for queue in app.reads_queues : endswith(queue, "-poison") ? [queue] : ["${queue}-poison"]]
  ])))
}

output "containers" {
  description = "All blob containers."
  value       = toset(local.owned_containers)
}

output "hubs" {
  description = "All event hubs by name: partitions, hours of retention, the team that answers for it, capture (or null), and its consumer groups with their teams."
  value       = local.hubs

  precondition {
    condition     = length(local.hubless) == 0
    error_message = "There is no ${join(", no ", local.hubless)}: a hub stands under `owns.eventHubs` of the app that sends to it, a consumer group under `owns.consumerGroups` of the app that reads."
  }

  precondition {
    condition     = length(local.uncaptured) == 0
    error_message = "Capture writes to a blob container that some app owns, and there is none: ${join("; ", local.uncaptured)}. Name it under `owns.blobContainers`."
  }

  precondition {
    condition     = length(local.beyond_limits) == 0
    error_message = "The Standard tier of Event Hubs does not have it: ${join("; ", local.beyond_limits)}."
  }

  precondition {
    condition     = length(local.unraised_captures) == 0
    error_message = "No hub is captured, so nothing is ever told to ${join(", ", local.unraised_captures)}: give an event hub `capture`, or take the subscription away."
  }
}

output "teams" {
  description = "The teams by name: their channels and their security group."
  value       = local.teams

  precondition {
    condition     = length(local.teamless) == 0
    error_message = "Everything belongs to a team with a file in teams/: ${join("; ", local.teamless)}."
  }

  precondition {
    condition     = length(local.unreachable_teams) == 0
    error_message = "A team has a security group and channels, which Terraform gives roles and sends alerts: ${join("; ", local.unreachable_teams)}."
  }
}
