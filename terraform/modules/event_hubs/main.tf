# The event hubs: one namespace with the hubs that apps own and the groups of those that read, capture into a blob
# container, and the group of schemas. Who may send and read is in modules/access; why there is one namespace and not one
# in each region: docs/decisions/0045.

resource "azurerm_eventhub_namespace" "this" {
  #checkov:skip=CKV_AZURE_228: zones come with the region; azurerm 5 has no argument for them
  name                          = var.name
  resource_group_name           = var.resource_group_name
  location                      = var.location
  sku                           = "Standard"
  capacity                      = 1
  auto_inflate_enabled          = var.maximum_throughput_units > 1
  maximum_throughput_units      = var.maximum_throughput_units > 1 ? var.maximum_throughput_units : 0
  local_authentication_enabled  = false
  minimum_tls_version           = "1.2"
  public_network_access_enabled = local.reachable
  tags                          = var.tags

  # As at the vault: pipelines register schemas from known addresses, and nobody else comes by the public one.
  network_rulesets = [{
    default_action                 = var.public_network_access ? "Allow" : "Deny"
    public_network_access_enabled  = local.reachable
    trusted_service_access_enabled = true
    virtual_network_rule           = []
    ip_rule                        = [for address in var.public_network_access ? [] : var.deploy_from : { action = "Allow", ip_mask = address }]
  }]

  # Capture writes with it.
  identity {
    type = "SystemAssigned"
  }

  lifecycle {
    # It inflates by itself, and a plan must not take the air out while events come in (docs/cost.md says how one does).
    ignore_changes = [capacity]
  }
}

# Azure says where it is: new namespaces may get names in other zones than servicebus.windows.net, and azurerm does not tell.
data "azapi_resource" "namespace" {
  type                   = "Microsoft.EventHub/namespaces@2024-01-01"
  resource_id            = azurerm_eventhub_namespace.this.id
  response_export_values = ["properties.serviceBusEndpoint"]
}

locals {
  host = try(regex("^https://([^:/]+)", data.azapi_resource.namespace.output.properties.serviceBusEndpoint)[0], "${azurerm_eventhub_namespace.this.name}.servicebus.windows.net")

  reachable = var.public_network_access || length(var.deploy_from) > 0

  captured = { for name, hub in var.hubs : name => hub.capture if hub.capture != null && var.capture }

  groups = merge([for name, hub in var.hubs : { for group, team in hub.groups : "${name}/${group}" => { hub = name, name = group, team = team } }]...)
}

resource "azurerm_eventhub" "this" {
  for_each = var.hubs

  name            = each.key
  namespace_id    = azurerm_eventhub_namespace.this.id
  partition_count = each.value.partitions

  retention_description {
    cleanup_policy          = "Delete"
    retention_time_in_hours = each.value.hours
  }

  # The container's name is taken from its id, so that it is there before a hub that writes to it.
  dynamic "capture_description" {
    for_each = { for name, capture in local.captured : name => capture if name == each.key }

    content {
      enabled             = true
      encoding            = "Avro"
      interval_in_seconds = capture_description.value.seconds
      size_limit_in_bytes = capture_description.value.bytes
      skip_empty_archives = true

      destination {
        name                        = "EventHubArchive.AzureBlockBlob"
        storage_account_id          = var.storage_id
        blob_container_name         = basename(var.container_ids[capture_description.value.container])
        archive_name_format         = "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"
        storage_authentication_type = "SystemAssigned"
      }
    }
  }

  # A hub that is changed is tried out by a blob in its container, which a policy there may refuse to have overwritten: an
  # unchanged one is left alone (docs/runbooks/capture-stopped.md).
  depends_on = [azurerm_role_assignment.capture, azurerm_role_assignment.applies]
}

# Into this container and no other.
resource "azurerm_role_assignment" "capture" {
  for_each = toset([for capture in values(local.captured) : capture.container])

  scope                = var.container_ids[each.key]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_eventhub_namespace.this.identity[0].principal_id
  principal_type       = "ServicePrincipal"
  description          = "Event Hubs capture writes there"
}

# Azure asks of whoever makes a captured hub that he could write there himself ("linked access").
resource "azurerm_role_assignment" "applies" {
  for_each = { for pair in setproduct([for capture in values(local.captured) : capture.container], var.owners) : "${pair[0]}/${pair[1]}" => { container = pair[0], principal_id = pair[1] } }

  scope                = var.container_ids[each.value.container]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = each.value.principal_id
  principal_type       = "ServicePrincipal"
  description          = "makes hubs that are captured there"
}

resource "azurerm_eventhub_consumer_group" "this" {
  for_each = local.groups

  name                = each.value.name
  namespace_name      = azurerm_eventhub_namespace.this.name
  eventhub_name       = azurerm_eventhub.this[each.value.hub].name
  resource_group_name = var.resource_group_name
  user_metadata       = "team : ${each.value.team}"
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                           = "to-workspace"
  target_resource_id             = azurerm_eventhub_namespace.this.id
  log_analytics_workspace_id     = var.workspace_id
  log_analytics_destination_type = "Dedicated"

  # What capture could not do, what was changed, and when it inflated. A line for each reading costs more than the reading.
  dynamic "enabled_log" {
    for_each = toset(["ArchiveLogs", "AutoScaleLogs", "OperationalLogs"])

    content {
      category = enabled_log.value
    }
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
