# Who gets in: nobody without a token, and in a private network only by the ways that cannot be private.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

mock_provider "azapi" {}

variables {
  name                       = "func-test"
  prefix                     = "iommi-test-weu"
  storage_name               = "sttest"
  resource_group_name        = "rg-test"
  location                   = "westeurope"
  tags                       = {}
  identity                   = { id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id", principal_id = "00000000-0000-0000-0000-0000000000c1", client_id = "00000000-0000-0000-0000-0000000000c2" }
  sign_in                    = { client_id = "00000000-0000-0000-0000-0000000000e2", identifier_uri = "api://x", tenant_id = "00000000-0000-0000-0000-0000000000aa" }
  settings                   = { LOG_LEVEL = "info" }
  maximum_instances          = 40
  zone_redundant             = false
  network                    = null
  front_door                 = null
  deploy_from                = []
  insights_connection_string = "InstrumentationKey=x"
  workspace_id               = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"

  app = {
    name          = "bakery"
    memory_mb     = 512
    instances     = 100
    host          = { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
    people        = []
    health        = "v1/health/"
    keyed         = ["v1/till"]
    subscriptions = []
    connections   = ["STORAGE"]
  }
}

run "an_app_scales_to_zero_and_not_without_end" {
  command = plan

  assert {
    condition     = length(azurerm_function_app_flex_consumption.this.always_ready) == 0 && azurerm_function_app_flex_consumption.this.maximum_instance_count == 40
    error_message = "Nothing is always ready; the environment's limit holds."
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.runtime_name == "custom" && azurerm_function_app_flex_consumption.this.instance_memory_in_mb == 512
    error_message = "A custom handler in 512 MB."
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.app_settings["AzureFunctionsJobHost__extensions__queues__batchSize"] == "1"
    error_message = "What an app says of host.json holds for it alone."
  }
}

run "nothing_but_health_and_what_asks_for_a_key_is_open_to_callers_without_a_token" {
  command = plan

  assert {
    condition     = azurerm_function_app_flex_consumption.this.auth_settings_v2[0].require_authentication && azurerm_function_app_flex_consumption.this.auth_settings_v2[0].unauthenticated_action == "Return401"
    error_message = "Every request needs a token."
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.auth_settings_v2[0].excluded_paths == tolist(["/v1/health/*", "/v1/till", "/v1/till/*"])
    error_message = "Only health, and what asks for a key itself."
  }
}

run "there_is_no_key_anywhere" {
  command = plan

  assert {
    condition     = azurerm_function_app_flex_consumption.this.storage_authentication_type == "UserAssignedIdentity" && !contains(keys(azurerm_function_app_flex_consumption.this.app_settings), "AzureWebJobsStorage")
    error_message = "Host storage and packages are reached by identity."
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.app_settings["STORAGE__credential"] == "managedidentity" && azurerm_function_app_flex_consumption.this.app_settings["AzureWebJobsStorage__credential"] == "managedidentity"
    error_message = "Bindings use the identity."
  }

  assert {
    condition     = !contains(keys(azurerm_function_app_flex_consumption.this.app_settings), "FUNCTIONS_WORKER_RUNTIME")
    error_message = "Flex Consumption refuses FUNCTIONS_WORKER_RUNTIME."
  }
}

run "people_are_sent_to_sign_in_and_no_client_secret_is_kept" {
  command = plan

  variables {
    app = {
      name          = "bakery"
      memory_mb     = 512
      instances     = 40
      host          = { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
      people        = [{ role = "Baker", page = "/bake/" }]
      health        = "v1/health/"
      keyed         = []
      subscriptions = []
      connections   = []
    }
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.auth_settings_v2[0].unauthenticated_action == "RedirectToLoginPage" && azurerm_function_app_flex_consumption.this.auth_settings_v2[0].active_directory_v2[0].client_secret_setting_name == "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
    error_message = "A browser is redirected; the app proves itself with its identity."
  }
}

run "in_a_network_only_event_grid_and_our_front_door_come_from_outside" {
  command = plan

  variables {
    network     = { subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apps" }
    front_door  = { guid = "00000000-0000-0000-0000-0000000000fd" }
    deploy_from = ["192.0.2.10/32"]

    app = {
      name          = "bakery"
      memory_mb     = 512
      instances     = 40
      host          = { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
      people        = [{ role = "Baker", page = "/bake/" }]
      health        = "v1/health/"
      keyed         = []
      subscriptions = [{ function = "left" }]
      connections   = []
    }
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.site_config[0].ip_restriction_default_action == "Deny" && [for rule in azurerm_function_app_flex_consumption.this.site_config[0].ip_restriction : rule.service_tag] == ["AzureEventGrid", "AzureFrontDoor.Backend"]
    error_message = "Two ways in, and everybody else is refused."
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.site_config[0].ip_restriction[1].headers[0].x_azure_fdid == tolist(["00000000-0000-0000-0000-0000000000fd"])
    error_message = "Not every Front Door of the world, but ours."
  }

  assert {
    condition     = azurerm_function_app_flex_consumption.this.site_config[0].scm_ip_restriction_default_action == "Deny"
    error_message = "Only the build agents deploy."
  }

  assert {
    condition     = [for log in azurerm_monitor_diagnostic_setting.this.enabled_log : log.category] == ["FunctionAppLogs"]
    error_message = "AppServiceHTTPLogs would write query strings."
  }
}
