# What each app's identity may do with data: its own database, and a role for each queue, each blob container and each
# container of another app that its files name, and no more.

locals {
  # Contributor, because the host changes a message's visibility after each attempt that failed, and while one takes long:
  # "Message Processor" may not, and a refusal there ends the host; so does the app with messages of its poison queues. It
  # may also send, and ask for the length. No role twice at one queue: Azure refuses the second.
  queue_roles = merge([for app in var.apps : merge(
    merge([for queue in app.reads_queues : merge(
      { "${app.name}/processes/${queue}" = { role = "Storage Queue Data Contributor", queue = queue, why = "the app takes messages from it" } },
      # A poison queue has none of its own, and what is read already may be written.
      endswith(queue, "-poison") || contains(app.reads_queues, "${queue}-poison") ? {} : {
        "${app.name}/poisons/${queue}-poison" = { role = "Storage Queue Data Message Sender", queue = "${queue}-poison", why = "the host moves there what failed too often" }
      }
    )]...),
    { for queue in setsubtract(app.sends_queues, concat(tolist(app.reads_queues), [for queue in app.reads_queues : "${queue}-poison"])) : "${app.name}/sends/${queue}" => { role = "Storage Queue Data Message Sender", queue = queue, why = "the app sends to it" } },
    { for queue in setsubtract(app.counts_queues, app.reads_queues) : "${app.name}/measures/${queue}" => { role = "Storage Queue Data Reader", queue = queue, why = "the app reports its length" } }
  )]...)

  # Into a container of dead events Event Grid writes, with its own identity; the app has no business there.
  blob_roles = merge([for app in var.apps : merge(
    { for container in setsubtract(app.containers, compact(app.subscriptions[*].dead_letters)) : "${app.name}/owns/${container}" => { role = "Storage Blob Data Contributor", container = container, why = "the app owns it" } },
    { for container in app.reads_blobs : "${app.name}/reads/${container}" => { role = "Storage Blob Data Reader", container = container, why = "another app lets it read" } }
  )]...)

  # The host asks a hub for its partitions before it reads as a group, and is refused with a role at its group alone. So a
  # reader's role is at the hub; that no app reads as another's group, modules/catalogue sees to.
  hub_roles = merge([for app in var.apps : merge(
    { for hub in app.sends_hubs : "${app.name}/sends/${hub}" => { role = "Azure Event Hubs Data Sender", hub = hub, why = "the app publishes its facts there" } },
    { for hub in app.reads_hubs : "${app.name}/reads/${hub}" => { role = "Azure Event Hubs Data Receiver", hub = hub, why = "the app is called with its events" } }
  )]...)

  document_roles = merge([for app in var.apps : merge(
    length(app.documents) == 0 ? {} : { "${app.name}/owns/${app.name}" = { role = local.contributor, scope = "dbs/${app.name}" } },
    { for container in app.foreign : "${app.name}/reads/${container}" => { role = local.reader, scope = "dbs/${replace(container, "/", "/colls/")}" } }
  )]...)

  key_roles = merge([for app in var.apps : {
    for key in toset([for setting in app.settings : setting.of if contains(["secret", "agreedSecret"], setting.source)]) : "${app.name}/reads/${key}" => { key = key }
  }]...)

  partner_roles = merge(flatten([for app in var.apps : [for partner, needs in app.partners : merge(
    { for queue in needs.receives : "${partner}/processes/${queue}" => { partner = partner, role = "Storage Queue Data Message Processor", scope = var.queue_ids[queue] } },
    { for queue in needs.sends : "${partner}/sends/${queue}" => { partner = partner, role = "Storage Queue Data Message Sender", scope = var.queue_ids[queue] } },
    { for container in needs.reads : "${partner}/reads/${container}" => { partner = partner, role = "Storage Blob Data Reader", scope = var.container_ids[container] } },
    # A role that may only add blobs is none of Azure's own, and whoever applies may give roles and not make any.
    { for container in needs.uploads : "${partner}/uploads/${container}" => { partner = partner, role = "Storage Blob Data Contributor", scope = var.container_ids[container] } }
  ) if contains(keys(var.partners), partner)]])...)

  # Cosmos DB's built-in data roles have fixed ids.
  reader      = "00000000-0000-0000-0000-000000000001"
  contributor = "00000000-0000-0000-0000-000000000002"
}

resource "azurerm_role_assignment" "queue" {
  for_each = local.queue_roles

  scope                = var.queue_ids[each.value.queue]
  role_definition_name = each.value.role
  principal_id         = var.identities[split("/", each.key)[0]].principal_id
  principal_type       = "ServicePrincipal"
  description          = each.value.why
}

resource "azurerm_role_assignment" "blobs" {
  for_each = local.blob_roles

  scope                = var.container_ids[each.value.container]
  role_definition_name = each.value.role
  principal_id         = var.identities[split("/", each.key)[0]].principal_id
  principal_type       = "ServicePrincipal"
  description          = each.value.why
}

# Of a hub each, never of the namespace.
resource "azurerm_role_assignment" "hub" {
  for_each = local.hub_roles

  scope                = var.hub_ids[each.value.hub]
  role_definition_name = each.value.role
  principal_id         = var.identities[split("/", each.key)[0]].principal_id
  principal_type       = "ServicePrincipal"
  description          = each.value.why
}

# A signed URL needs a key of the whole account; what it opens is still bounded by the roles above.
resource "azurerm_role_assignment" "signer" {
  for_each = { for name, app in var.apps : name => app if app.signs }

  scope                = var.storage_id
  role_definition_name = "Storage Blob Delegator"
  principal_id         = var.identities[each.key].principal_id
  principal_type       = "ServicePrincipal"
  description          = "signs upload URLs with its own identity"
}

resource "azurerm_cosmosdb_sql_role_assignment" "documents" {
  for_each = local.document_roles

  resource_group_name = var.resource_group_name
  account_name        = var.cosmos.name
  role_definition_id  = "${var.cosmos.id}/sqlRoleDefinitions/${each.value.role}"
  principal_id        = var.identities[split("/", each.key)[0]].principal_id
  scope               = "${var.cosmos.id}/${each.value.scope}"
}

resource "azurerm_role_assignment" "key" {
  for_each = local.key_roles

  scope                = var.secret_ids[each.value.key]
  role_definition_name = "Key Vault Secrets User"
  principal_id         = var.identities[split("/", each.key)[0]].principal_id
  principal_type       = "ServicePrincipal"
  description          = "the setting ${each.value.key} refers to it"
}

resource "azurerm_role_assignment" "telemetry" {
  for_each = var.apps

  scope                = var.insights_id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = var.identities[each.key].principal_id
  principal_type       = "ServicePrincipal"
  description          = "sends telemetry; the resource takes no keys"
}

# Sister systems that work with our queues, such as the mainframe.
resource "azurerm_role_assignment" "partner" {
  for_each = local.partner_roles

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = var.partners[each.value.partner]
  principal_type       = "ServicePrincipal"
  description          = "the partner ${each.value.partner}"
}
