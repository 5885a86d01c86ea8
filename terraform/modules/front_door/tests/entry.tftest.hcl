mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  prefix              = "iommi-test"
  resource_group_name = "rg-test"
  tags                = {}
  sku                 = "Premium_AzureFrontDoor"
  probe               = "v1/health/ready"
  gateways            = { westeurope = { id = "x", host_name = "weu.azure-api.net" }, eastus2 = { id = "y", host_name = "eus2.azure-api.net" } }
  surfaces            = ["photos"]
  staff               = { photos = { probe = "/v1/photos/health/ready", origins = { westeurope = "photos-weu.azurewebsites.net", eastus2 = "photos-eus2.azurewebsites.net" } } }
  drained             = []

  signed_paths               = ["/mill/v1/weighed", "/mill/v1/sacks/{sackId}"]
  signed_requests_per_minute = 700

  workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"
}

run "clients_reach_every_region_that_is_ready" {
  command = plan

  assert {
    condition     = azurerm_cdn_frontdoor_origin_group.this["api"].health_probe[0].path == "/v1/health/ready" && azurerm_cdn_frontdoor_origin.this["api/eastus2"].host_name == "eus2.azure-api.net"
    error_message = "Each gateway is asked whether its region is ready."
  }
}

run "the_nearest_region_serves_unless_one_is_at_work" {
  command = plan

  assert {
    condition     = alltrue([for origin in azurerm_cdn_frontdoor_origin.this : origin.priority == 1])
    error_message = "All have the same priority, so latency decides."
  }
}

run "clients_go_to_the_region_that_is_at_work_and_people_to_the_nearest" {
  command = plan

  variables {
    priorities = { westeurope = 2, eastus2 = 1 }
  }

  assert {
    condition     = azurerm_cdn_frontdoor_origin.this["api/eastus2"].priority == 1 && azurerm_cdn_frontdoor_origin.this["api/westeurope"].priority == 2
    error_message = "The other region serves when the first is not ready."
  }

  assert {
    condition     = azurerm_cdn_frontdoor_origin.this["photos/eastus2"].priority == 1 && azurerm_cdn_frontdoor_origin.this["photos/westeurope"].priority == 1
    error_message = "A page for our people is no work that follows the sun."
  }
}

run "people_have_a_host_name_of_their_own_past_the_gateway" {
  command = plan

  assert {
    condition     = azurerm_cdn_frontdoor_origin.this["photos/westeurope"].host_name == "photos-weu.azurewebsites.net" && azurerm_cdn_frontdoor_origin_group.this["photos"].health_probe[0].path == "/v1/photos/health/ready"
    error_message = "Moderators reach the app itself."
  }
}

run "no_client_says_who_calls" {
  command = plan

  assert {
    condition     = azurerm_cdn_frontdoor_rule.nobody_says_who_calls.actions[0].modify_request_header[0].operator == "Delete" && azurerm_cdn_frontdoor_rule.nobody_says_who_calls.actions[0].modify_request_header[0].header_name == "X-Iommi-Caller"
    error_message = "The header is removed on every way in."
  }
}

run "whoever_signs_is_one_address_with_a_limit_of_its_own" {
  command = plan

  assert {
    condition = (
      azurerm_cdn_frontdoor_firewall_policy.this.custom_rule[0].rate_limit_threshold == 700 &&
      azurerm_cdn_frontdoor_firewall_policy.this.custom_rule[1].rate_limit_threshold == var.requests_per_minute_and_address &&
      azurerm_cdn_frontdoor_firewall_policy.this.custom_rule[1].match_condition[1].negation_condition &&
      azurerm_cdn_frontdoor_firewall_policy.this.custom_rule[1].match_condition[1].match_values[0] == azurerm_cdn_frontdoor_firewall_policy.this.custom_rule[0].match_condition[0].match_values[0]
    )
    error_message = "What it sends counts there, and there only."
  }

  assert {
    condition = [
      for uri in ["https://x.azurefd.net:443/mill/v1/weighed", "https://x.azurefd.net/mill/v1/sacks/7?a=1", "https://x.azurefd.net/v1/cakes?a=/mill/v1/weighed", "https://x.azurefd.net/mill/v1/weighed/more"] :
      can(regex(azurerm_cdn_frontdoor_firewall_policy.this.custom_rule[0].match_condition[0].match_values[0], uri))
    ] == [true, true, false, false]
    error_message = "By the path; a query is the client's to write."
  }
}

run "a_drained_region_gets_nothing" {
  command = plan

  variables {
    drained = ["westeurope"]
  }

  assert {
    condition     = { for key, origin in azurerm_cdn_frontdoor_origin.this : key => origin.enabled } == { "api/westeurope" = false, "api/eastus2" = true, "photos/westeurope" = false, "photos/eastus2" = true }
    error_message = "All its origins are off, and no others."
  }
}

run "no_log_has_a_query_string_or_an_address" {
  command = plan

  assert {
    condition     = toset([for rule in azurerm_cdn_frontdoor_profile.this.log_scrubbing_rule : rule.match_variable]) == toset(["QueryStringArgNames", "RequestIPAddress"])
    error_message = "The access log."
  }

  assert {
    condition     = azurerm_cdn_frontdoor_firewall_policy.this.log_scrubbing[0].enabled && contains([for rule in azurerm_cdn_frontdoor_firewall_policy.this.log_scrubbing[0].scrubbing_rule : rule.match_variable], "QueryStringArgNames")
    error_message = "The firewall's log."
  }
}

run "the_firewall_counts_everybody_and_only_writes_down_at_first" {
  command = plan

  assert {
    condition = alltrue([
      for condition in [for rule in azurerm_cdn_frontdoor_firewall_policy.this.custom_rule : rule.match_condition[0] if rule.name == "TooManyRequests"] :
      condition.operator != "Any" && toset(condition.match_values) == toset(["0.0.0.0/0", "::/0"])
    ])
    error_message = "Azure refuses the operator Any with values."
  }

  assert {
    condition     = alltrue([for rules in azurerm_cdn_frontdoor_firewall_policy.this.managed_rule : rules.action == "Log"]) && azurerm_cdn_frontdoor_firewall_policy.this.mode == "Prevention"
    error_message = "Limits hold from the first day; rule sets are looked at before they refuse uploads."
  }
}

run "nothing_is_cached_at_the_edge" {
  command = plan

  assert {
    condition     = alltrue([for route in azurerm_cdn_frontdoor_route.this : length(route.cache) == 0])
    error_message = "An erased photo must not live on in a cache."
  }
}
