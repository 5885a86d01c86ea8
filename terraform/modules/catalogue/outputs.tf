output "apps" {
  description = "The apps by name: what each owns, what it touches, what it needs."
  value       = local.apps

  precondition {
    condition     = length(local.names) > 0
    error_message = "No app found: ${var.functions_folder} has no folder with a resources.json."
  }

  precondition {
    condition     = alltrue(flatten([for app in local.apps : [for queue in setunion(app.reads_queues, app.sends_queues, app.counts_queues) : contains(local.all_queues, queue)]]))
    error_message = "An app reads or sends to a queue that no resources.json declares: ${join(", ", setsubtract(flatten([for app in local.apps : setunion(app.reads_queues, app.sends_queues, app.counts_queues)]), local.all_queues))}."
  }

  precondition {
    condition     = length(distinct(local.all_queues)) == length(local.all_queues) && length(distinct(local.all_containers)) == length(local.all_containers) && length(distinct(local.all_documents)) == length(local.all_documents)
    error_message = "Two apps declare the same queue or container; each has one owner."
  }
}

output "operations" {
  description = "The operations of all contracts, each with the app that serves it."
  value       = local.operations
}

output "documents" {
  description = "For each public version (v1) one OpenAPI document with the paths of all apps, as JSON."
  value       = { for version, document in local.documents : version => jsonencode(document) }
}

output "query_parameters" {
  description = "Names of query parameters in any contract: their values stay out of logs."
  value       = local.query_parameters
}

output "queues" {
  description = "All queues. A queue that is read always has its poison queue, declared or not."
  value       = toset(concat(local.all_queues, [for queue in flatten([for app in local.apps : tolist(app.reads_queues)]) : "${queue}-poison" if !endswith(queue, "-poison")]))
}

output "containers" {
  description = "All blob containers."
  value       = toset(local.all_containers)
}

locals {
  all_queues     = flatten([for app in local.apps : tolist(app.queues)])
  all_containers = flatten([for app in local.apps : tolist(app.containers)])
  all_documents  = flatten([for app in local.apps : [for container in app.documents : container.name]])
}
