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
    condition     = length(local.hubless) == 0
    error_message = "Event hubs and consumer groups are not made in Azure yet, and ${join(", ", local.hubless)} owns some: docs/decisions/0040-event-hubs-on-a-laptop.md."
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
