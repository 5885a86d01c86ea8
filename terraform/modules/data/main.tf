# The documents: one Cosmos DB account with one write region, a database for each app that has documents, and the
# containers that its app.json declares. No app's identity may make one.

locals {
  serverless = var.throughput == null
  databases  = toset([for app in var.apps : app.name if length(app.documents) > 0])

  containers = merge([for app in var.apps : { for container in app.documents : "${app.name}/${container.name}" => merge(container, { database = app.name }) }]...)
}

resource "azurerm_cosmosdb_account" "this" {
  #checkov:skip=CKV_AZURE_100: a key of our own would have to be kept alive in every region; Microsoft's keys encrypt
  #checkov:skip=CKV_AZURE_140: local_authentication_enabled is false; the check knows the argument of azurerm 4
  #checkov:skip=CKV_AZURE_99: private endpoints only, where the environment has a network; elsewhere Entra tokens only
  name                               = var.name
  resource_group_name                = var.resource_group_name
  location                           = var.home
  offer_type                         = "Standard"
  kind                               = "GlobalDocumentDB"
  local_authentication_enabled       = false
  access_key_metadata_writes_enabled = false
  public_network_access_enabled      = var.public_network_access
  minimal_tls_version                = "Tls12"
  # Uniqueness and If-Match are decided by the one region that writes; see docs/regions.md.
  multiple_write_locations_enabled = false
  automatic_failover_enabled       = length(var.regions) > 1
  tags                             = var.tags

  dynamic "capabilities" {
    for_each = local.serverless ? [1] : []

    content {
      name = "EnableServerless"
    }
  }

  consistency_policy {
    consistency_level       = length(var.regions) > 1 ? "BoundedStaleness" : "Session"
    max_interval_in_seconds = length(var.regions) > 1 ? 300 : null
    max_staleness_prefix    = length(var.regions) > 1 ? 100000 : null
  }

  dynamic "geo_location" {
    for_each = var.regions

    content {
      location          = geo_location.value
      failover_priority = geo_location.key
      zone_redundant    = var.zone_redundant
    }
  }

  backup {
    type = "Continuous"
    tier = var.backup_tier
  }
}

resource "azurerm_cosmosdb_sql_database" "this" {
  for_each = local.databases

  name                = each.key
  resource_group_name = var.resource_group_name
  account_name        = azurerm_cosmosdb_account.this.name

  dynamic "autoscale_settings" {
    for_each = local.serverless ? [] : [1]

    content {
      max_throughput = var.throughput.shared
    }
  }
}

resource "azurerm_cosmosdb_sql_container" "this" {
  for_each = local.containers

  name                  = each.value.name
  resource_group_name   = var.resource_group_name
  account_name          = azurerm_cosmosdb_account.this.name
  database_name         = azurerm_cosmosdb_sql_database.this[each.value.database].name
  partition_key_paths   = [each.value.partition_key]
  partition_key_version = 2
  default_ttl           = each.value.ttl

  dynamic "autoscale_settings" {
    for_each = !local.serverless && each.value.dedicated ? [1] : []

    content {
      max_throughput = var.throughput.dedicated
    }
  }

  # Every indexed path is paid for at each write: only what a query asks for. Without a list, everything.
  indexing_policy {
    indexing_mode = "consistent"

    dynamic "included_path" {
      for_each = each.value.indexes == null ? ["/*"] : each.value.indexes

      content {
        path = included_path.value
      }
    }

    dynamic "excluded_path" {
      for_each = each.value.indexes == null ? [] : ["/*"]

      content {
        path = excluded_path.value
      }
    }
  }

  dynamic "unique_key" {
    for_each = each.value.unique_keys

    content {
      paths = unique_key.value
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                           = "to-workspace"
  target_resource_id             = azurerm_cosmosdb_account.this.id
  log_analytics_workspace_id     = var.workspace_id
  log_analytics_destination_type = "Dedicated"

  # Not QueryRuntimeStatistics: it holds the text of queries. Not DataPlaneRequests: a line for each read costs more
  # than the reads.
  enabled_log {
    category = "ControlPlaneRequests"
  }

  enabled_metric {
    category = "Requests"
  }
}
