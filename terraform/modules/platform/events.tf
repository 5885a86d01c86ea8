# Blobs that arrive raise events, and so do mails that are delivered or not, and files of captured events. They go to one region at a time: every region would do the same work, and Content
# Safety is paid for by the picture. If that region is lost: docs/regions.md.

locals {
  subscriptions = merge([
    for app in local.apps : { for subscription in app.subscriptions : "${app.name}-${replace(subscription.function, "_", "-")}" => merge(subscription, { app = app.name }) }
  ]...)

  from_blobs         = { for name, subscription in local.subscriptions : name => subscription if subscription.source == "blob" }
  from_communication = { for name, subscription in local.subscriptions : name => subscription if subscription.topic == "communication" }
  from_captures      = { for name, subscription in local.subscriptions : name => subscription if subscription.source == "capture" && local.captures }

  # Whose events a subscription hears.
  raised = merge(
    { for name in keys(local.from_blobs) : name => one(azurerm_eventgrid_system_topic.blobs[*].name) },
    { for name in keys(local.from_communication) : name => one(azurerm_eventgrid_system_topic.communication[*].name) },
    { for name in keys(local.from_captures) : name => one(azurerm_eventgrid_system_topic.captures[*].name) }
  )

  active = coalesce(var.active_region, var.home)

  # Written from names, not from what is made: it is asked about before there is anything.
  sites = {
    for app in local.apps : app.name => join("/", [
      "/subscriptions/${var.subscription_id}/resourceGroups/rg-${module.regional_naming[local.active].prefix}",
      "providers/Microsoft.Web/sites/func-${module.regional_naming[local.active].prefix}-${app.name}-${module.naming.unique}"
    ])
  }
}

resource "azurerm_eventgrid_system_topic" "blobs" {
  count = length(local.from_blobs) > 0 ? 1 : 0

  name                = "evgt-${local.prefix}-blobs"
  resource_group_name = azurerm_resource_group.data.name
  location            = var.home
  source_resource_id  = module.storage.id
  topic_type          = "Microsoft.Storage.StorageAccounts"
  tags                = local.tags

  identity {
    type = "SystemAssigned"
  }
}

# The service itself is in no region.
resource "azurerm_eventgrid_system_topic" "communication" {
  count = length(local.from_communication) > 0 ? 1 : 0

  name                = "evgt-${local.prefix}-communication"
  resource_group_name = azurerm_resource_group.data.name
  location            = "global"
  source_resource_id  = module.email[0].id
  topic_type          = "Microsoft.Communication.CommunicationServices"
  tags                = local.tags

  identity {
    type = "SystemAssigned"
  }
}

# A file is there: it is told at once, and read by whoever keeps the lake.
resource "azurerm_eventgrid_system_topic" "captures" {
  count = length(local.from_captures) > 0 ? 1 : 0

  name                = "evgt-${local.prefix}-captures"
  resource_group_name = azurerm_resource_group.data.name
  location            = var.home
  source_resource_id  = module.event_hubs[0].id
  topic_type          = "Microsoft.EventHub.Namespaces"
  tags                = local.tags

  identity {
    type = "SystemAssigned"
  }
}

# Its own identity writes what could not be delivered.
resource "azurerm_role_assignment" "dead_letters" {
  for_each = toset(compact([for subscription in local.from_blobs : subscription.dead_letters]))

  scope                = module.storage.container_ids[each.key]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_eventgrid_system_topic.blobs[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
  description          = "Event Grid puts undeliverable events there"
}

resource "azurerm_role_assignment" "communication_dead_letters" {
  for_each = toset(compact([for subscription in local.from_communication : subscription.dead_letters]))

  scope                = module.storage.container_ids[each.key]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_eventgrid_system_topic.communication[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
  description          = "Event Grid puts undeliverable events there"
}

resource "azurerm_role_assignment" "capture_dead_letters" {
  for_each = toset(compact([for subscription in local.from_captures : subscription.dead_letters]))

  scope                = module.storage.container_ids[each.key]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_eventgrid_system_topic.captures[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
  description          = "Event Grid puts undeliverable events there"
}

# Event Grid asks the function at once whether it wants the events, and refuses one that is not there: before the app's first
# package there is no subscription, and the next apply makes it. By app, so that a new one holds up nobody.
data "azapi_resource" "function" {
  for_each = local.subscriptions

  type             = "Microsoft.Web/sites/functions@2024-04-01"
  resource_id      = "${local.sites[each.value.app]}/functions/${each.value.function}"
  ignore_not_found = true
}

resource "azurerm_eventgrid_system_topic_event_subscription" "this" {
  for_each = { for name, subscription in local.subscriptions : name => subscription if contains(keys(local.raised), name) && try(data.azapi_resource.function[name].exists, false) == true }

  name                  = each.key
  system_topic          = local.raised[each.key]
  resource_group_name   = azurerm_resource_group.data.name
  event_delivery_schema = each.value.schema
  included_event_types  = length(each.value.event_types) > 0 ? each.value.event_types : null

  azure_function_endpoint {
    function_id          = "${local.sites[each.value.app]}/functions/${each.value.function}"
    max_events_per_batch = 1
  }

  dynamic "subject_filter" {
    for_each = each.value.container == null ? [] : [each.value.container]

    content {
      subject_begins_with = "/blobServices/default/containers/${subject_filter.value}/"
    }
  }

  retry_policy {
    max_delivery_attempts = each.value.attempts
    event_time_to_live    = each.value.minutes
  }

  dynamic "storage_blob_dead_letter_destination" {
    for_each = each.value.dead_letters == null ? [] : [each.value.dead_letters]

    content {
      storage_account_id          = module.storage.id
      storage_blob_container_name = storage_blob_dead_letter_destination.value
    }
  }

  dynamic "dead_letter_identity" {
    for_each = each.value.dead_letters == null ? [] : [1]

    content {
      type = "SystemAssigned"
    }
  }

  depends_on = [azurerm_role_assignment.dead_letters, azurerm_role_assignment.communication_dead_letters, azurerm_role_assignment.capture_dead_letters, module.region]
}
