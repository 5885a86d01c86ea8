mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  name                  = "sttest"
  resource_group_name   = "rg-test"
  location              = "westeurope"
  tags                  = {}
  replication           = "RAGZRS"
  containers            = ["uploads", "published"]
  queues                = ["work"]
  keep_deleted_days     = 14
  lifecycle_days        = { uploads = 2 }
  retention_days        = { published = 3653 }
  browser_origins       = ["https://www.example.com"]
  public_network_access = true
  workspace_id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"
}

run "neither_a_key_nor_a_guess_opens_it" {
  command = plan

  assert {
    condition     = !azurerm_storage_account.this.shared_access_key_enabled && !azurerm_storage_account.this.allow_nested_items_to_be_public && alltrue([for container in azurerm_storage_container.this : container.container_access_type == "private"])
    error_message = "No shared key, nothing public by URL."
  }
}

run "deleted_means_gone_after_a_fortnight" {
  command = plan

  assert {
    condition     = azurerm_storage_account.this.blob_properties[0].delete_retention_policy[0].days == 14 && azurerm_storage_management_policy.this[0].rule[0].actions[0].version[0].delete_after_days_since_creation == 1
    error_message = "A fortnight by soft delete; versions would add their own time to it."
  }

  assert {
    condition     = one([for rule in azurerm_storage_management_policy.this[0].rule : rule.actions[0].base_blob[0].delete_after_days_since_modification_greater_than if rule.name == "expire-uploads"]) == 2
    error_message = "Uploads go by themselves."
  }
}

run "what_is_kept_is_neither_changed_nor_deleted_for_years" {
  command = plan

  assert {
    condition     = keys(azurerm_storage_container_immutability_policy.this) == ["published"] && azurerm_storage_container_immutability_policy.this["published"].immutability_period_in_days == 3653
    error_message = "Only the container that is kept has a policy, of as many days as its app says."
  }

  assert {
    condition     = !azurerm_storage_container_immutability_policy.this["published"].protected_append_writes_all_enabled && !azurerm_storage_container_immutability_policy.this["published"].protected_append_writes_enabled
    error_message = "Nothing is appended to what is kept either."
  }
}

run "browsers_may_put_and_nothing_else" {
  command = plan

  assert {
    condition     = azurerm_storage_account.this.blob_properties[0].cors_rule[0].allowed_methods == tolist(["PUT"])
    error_message = "PUT only."
  }
}
