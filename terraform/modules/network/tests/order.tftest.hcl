mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  prefix              = "iommi-test-weu"
  resource_group_name = "rg-test"
  location            = "westeurope"
  tags                = {}
  before_apps         = { keys = { id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv", kind = "vault" } }
  targets             = { bakery-site = { id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Web/sites/func", kind = "sites" } }
}

# Azure answers a delegation with its actions; what the configuration leaves out is "changed" in every plan for ever.
run "a_second_plan_is_empty_because_delegations_say_their_actions" {
  command = plan

  assert {
    condition = jsonencode({
      for name, subnet in azurerm_subnet.this : subnet.delegation[0].service_delegation[0].name => tolist(subnet.delegation[0].service_delegation[0].actions) if length(subnet.delegation) > 0
      }) == jsonencode({
      "Microsoft.App/environments" = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
      "Microsoft.Web/serverFarms"  = ["Microsoft.Network/virtualNetworks/subnets/action"]
    })
    error_message = "Each delegation says the actions that Azure answers."
  }
}

run "what_apps_stand_on_and_apps_themselves_have_their_endpoints_apart" {
  command = plan

  assert {
    condition     = keys(azurerm_private_endpoint.before) == ["keys"] && keys(azurerm_private_endpoint.this) == ["bakery-site"]
    error_message = "Else an app would wait for itself."
  }
}

run "what_lies_behind_endpoints_is_reached_by_https_and_event_hubs_by_amqp" {
  command = plan

  assert {
    condition = { for name, group in azurerm_network_security_group.this : name => sort([for rule in group.security_rule : rule.destination_port_range if rule.access == "Allow"]) } == {
      apps      = tolist(["443"])
      endpoints = tolist(["443", "5671"])
      gateway   = tolist(["443"])
    }
    error_message = "5671 for endpoints only."
  }
}
