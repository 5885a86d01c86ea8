mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  prefix            = "iommi-test"
  resource_group_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-iommi-test-data"
}

run "deleting_data_is_denied_and_taking_a_role_away_is_not" {
  command = plan

  assert {
    condition     = jsondecode(azurerm_policy_definition.this.policy_rule).then.effect == "denyAction" && jsondecode(azurerm_policy_definition.this.policy_rule).then.details.cascadeBehaviors.resourceGroup == "deny"
    error_message = "Deletion is denied, and that of the group with it."
  }

  assert {
    condition     = alltrue([for kind in ["namespaces", "namespaces/eventhubs"] : contains(jsondecode(azurerm_policy_definition.this.policy_rule).if.in, "Microsoft.EventHub/${kind}")])
    error_message = "A hub holds facts that nobody has read yet."
  }

  assert {
    condition     = contains(jsondecode(azurerm_policy_definition.this.policy_rule).if.in, "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers") && alltrue([for kind in jsondecode(azurerm_policy_definition.this.policy_rule).if.in : !strcontains(lower(kind), "role") && !strcontains(lower(kind), "queue")])
    error_message = "Documents are kept; roles, queues and a partner's access may go."
  }
}
