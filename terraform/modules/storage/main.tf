# One storage account: no shared key, nothing public by URL, deleted things come back for a while.

resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV_AZURE_33: queue logging is the classic analytics log; ours goes to Log Analytics by diagnostic settings
  #checkov:skip=CKV2_AZURE_1: a key of our own would have to be kept alive in every region; Microsoft's keys encrypt
  #checkov:skip=CKV2_AZURE_33: private endpoints are made by modules/network, where the environment has a network
  name                              = var.name
  resource_group_name               = var.resource_group_name
  location                          = var.location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = var.replication
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  infrastructure_encryption_enabled = true
  public_network_access_enabled     = var.public_network_access
  tags                              = var.tags

  blob_properties {
    versioning_enabled = var.versioning

    delete_retention_policy {
      days = var.keep_deleted_days
    }

    container_delete_retention_policy {
      days = var.keep_deleted_days
    }

    dynamic "cors_rule" {
      for_each = length(var.browser_origins) > 0 ? [1] : []

      content {
        allowed_methods    = ["PUT"]
        allowed_origins    = var.browser_origins
        allowed_headers    = ["content-type", "x-ms-blob-type", "x-ms-version"]
        exposed_headers    = ["etag"]
        max_age_in_seconds = 3600
      }
    }
  }
}

resource "azurerm_storage_container" "this" {
  #checkov:skip=CKV2_AZURE_21: reads are in the diagnostic settings of the account, not in the classic analytics log
  for_each = var.containers

  name                  = each.key
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}

# What the law wants kept. Not locked: a lock can never be taken back, so a person sets it (docs/sales.md).
resource "azurerm_storage_container_immutability_policy" "this" {
  for_each = var.retention_days

  storage_container_resource_manager_id = azurerm_storage_container.this[each.key].id
  immutability_period_in_days           = each.value
  protected_append_writes_all_enabled   = false
  protected_append_writes_enabled       = false

  lifecycle {
    # It is locked by hand, and then for ever.
    ignore_changes = [locked]
  }
}

resource "azurerm_storage_queue" "this" {
  for_each = var.queues

  name               = each.key
  storage_account_id = azurerm_storage_account.this.id
}

# Erased means gone: a version lives a day (counted from when it was made, not from when it was replaced), is then deleted,
# and what is deleted can be had back for keep_deleted_days. So all is gone at the latest two days after that.
resource "azurerm_storage_management_policy" "this" {
  count = var.versioning || length(var.lifecycle_days) > 0 ? 1 : 0

  storage_account_id = azurerm_storage_account.this.id

  dynamic "rule" {
    for_each = var.versioning ? [1] : []

    content {
      name    = "earlier-versions"
      enabled = true

      filters {
        blob_types = ["blockBlob"]
      }

      actions {
        version {
          delete_after_days_since_creation = 1
        }
      }
    }
  }

  dynamic "rule" {
    for_each = var.lifecycle_days

    content {
      name    = "expire-${rule.key}"
      enabled = true

      filters {
        blob_types   = ["blockBlob", "appendBlob"]
        prefix_match = ["${rule.key}/"]
      }

      actions {
        base_blob {
          delete_after_days_since_modification_greater_than = rule.value
        }
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "blob" {
  name                       = "to-workspace"
  target_resource_id         = "${azurerm_storage_account.this.id}/blobServices/default"
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "StorageDelete"
  }

  enabled_metric {
    category = "Transaction"
  }
}

resource "azurerm_monitor_diagnostic_setting" "queue" {
  count = length(var.queues) > 0 ? 1 : 0

  name                       = "to-workspace"
  target_resource_id         = "${azurerm_storage_account.this.id}/queueServices/default"
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "StorageDelete"
  }

  enabled_metric {
    category = "Transaction"
  }
}
