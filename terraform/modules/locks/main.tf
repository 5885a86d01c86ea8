# What cannot be made again by a deploy must not go by accident. Not by a lock: a lock also forbids to take a role, a queue or
# a partner's access away. A policy denies the deletion of these kinds in the group of data, and of the group itself, and
# nothing else. To remove one on purpose: docs/deploying.md.

variable "prefix" {
  type = string
}

variable "resource_group_id" {
  description = "The group that holds customers' data and keys."
  type        = string
}

locals {
  kept = [
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases",
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
    "Microsoft.EventHub/namespaces",
    "Microsoft.EventHub/namespaces/eventhubs",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Storage/storageAccounts",
  ]
}

resource "azurerm_policy_definition" "this" {
  name         = "keep-${var.prefix}"
  display_name = "Keep the data of ${var.prefix}"
  description  = "Customers' documents, photos, events and keys are deleted only together with the environment: docs/deploying.md."
  policy_type  = "Custom"
  mode         = "All"

  policy_rule = jsonencode({
    if = {
      field = "type"
      in    = local.kept
    }
    then = {
      effect = "denyAction"
      details = {
        actionNames      = ["delete"]
        cascadeBehaviors = { resourceGroup = "deny" }
      }
    }
  })
}

resource "azurerm_resource_group_policy_assignment" "this" {
  name                 = "keep-data"
  display_name         = "Keep the data of ${var.prefix}"
  resource_group_id    = var.resource_group_id
  policy_definition_id = azurerm_policy_definition.this.id

  non_compliance_message {
    content = "It holds customers' data or keys. Remove the policy only together with the environment: docs/deploying.md."
  }
}
