# Who gets in: nobody without a token, and in a private network only by the ways that cannot be private.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

mock_provider "azapi" {
  source = "../../tests/mocks/azapi"
}

variables {
  name                       = "func-test"
  prefix                     = "iommi-test-weu"
  host_storage               = { id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st", name = "sttest", blob_endpoint = "https://sttest.blob.core.windows.net/" }
  resource_group_name        = "rg-test"
  resource_group_id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-test"
  location                   = "westeurope"
  tags                       = {}
  identity                   = { id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id", principal_id = "00000000-0000-0000-0000-0000000000c1", client_id = "00000000-0000-0000-0000-0000000000c2" }
  sign_in                    = { client_id = "00000000-0000-0000-0000-0000000000e2", identifier_uri = "api://x", tenant_id = "00000000-0000-0000-0000-0000000000aa" }
  settings                   = { LOG_LEVEL = "info" }
  maximum_instances          = 40
  always_ready               = true
  zone_redundant             = false
  network                    = null
  front_door                 = null
  deploy_from                = []
  insights_connection_string = "InstrumentationKey=x"
  workspace_id               = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"

  app = {
    name             = "bakery"
    memory_mb        = 512
    instances        = 100
    http_concurrency = 100
    always_ready     = {}
    host             = { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
    people           = []
    health           = "v1/health/"
    keyed            = ["v1/till"]
    subscriptions    = []
    connections      = ["STORAGE"]
  }
}

run "an_app_scales_to_zero_and_not_without_end" {
  command = plan

  assert {
    condition     = !can(azapi_resource.site.body.properties.functionAppConfig.scaleAndConcurrency.alwaysReady) && azapi_resource.site.body.properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount == 40
    error_message = "Nothing is always ready; the environment's limit holds."
  }

  assert {
    condition     = azapi_resource.site.body.properties.functionAppConfig.runtime.name == "custom" && azapi_resource.site.body.properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB == 512
    error_message = "A custom handler in 512 MB."
  }

  assert {
    condition     = azapi_resource.site.body.properties.functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency == 100
    error_message = "How many requests an instance takes at once is said, not left to the platform."
  }

  assert {
    condition     = { for setting in azapi_resource.site.body.properties.siteConfig.appSettings : setting.name => setting.value }["AzureFunctionsJobHost__extensions__queues__batchSize"] == "1"
    error_message = "What an app says of host.json holds for it alone."
  }
}

run "what_must_answer_at_once_waits_for_work" {
  command = plan

  variables {
    app = {
      name             = "bakery"
      memory_mb        = 512
      instances        = 100
      http_concurrency = 100
      always_ready     = { http = 1, "function:ground" = 2 }
      host             = {}
      people           = []
      health           = "v1/health/"
      keyed            = []
      subscriptions    = []
      connections      = []
    }
  }

  assert {
    condition     = jsonencode(azapi_resource.site.body.properties.functionAppConfig.scaleAndConcurrency.alwaysReady) == jsonencode([{ instanceCount = 2, name = "function:ground" }, { instanceCount = 1, name = "http" }])
    error_message = "As many as app.json says, under Azure's names."
  }
}

run "an_environment_may_pay_for_nothing_that_waits" {
  command = plan

  variables {
    always_ready = false

    app = {
      name             = "bakery"
      memory_mb        = 512
      instances        = 100
      http_concurrency = 100
      always_ready     = { http = 1 }
      host             = {}
      people           = []
      health           = "v1/health/"
      keyed            = []
      subscriptions    = []
      connections      = []
    }
  }

  assert {
    condition     = !can(azapi_resource.site.body.properties.functionAppConfig.scaleAndConcurrency.alwaysReady)
    error_message = "There the first request starts it."
  }
}

run "nothing_but_health_and_what_asks_for_a_key_is_open_to_callers_without_a_token" {
  command = plan

  assert {
    condition     = azapi_update_resource.sign_in.body.properties.globalValidation.requireAuthentication && azapi_update_resource.sign_in.body.properties.globalValidation.unauthenticatedClientAction == "Return401"
    error_message = "Every request needs a token."
  }

  assert {
    condition     = tolist(azapi_update_resource.sign_in.body.properties.globalValidation.excludedPaths) == tolist(["/v1/health/*", "/v1/till", "/v1/till/*"])
    error_message = "Only health, and what asks for a key itself."
  }
}

run "there_is_no_key_anywhere" {
  command = plan

  assert {
    condition     = azapi_resource.site.body.properties.functionAppConfig.deployment.storage.authentication.type == "UserAssignedIdentity" && !contains(azapi_resource.site.body.properties.siteConfig.appSettings[*].name, "AzureWebJobsStorage")
    error_message = "Host storage and packages are reached by identity."
  }

  assert {
    condition     = { for setting in azapi_resource.site.body.properties.siteConfig.appSettings : setting.name => setting.value }["STORAGE__credential"] == "managedidentity" && { for setting in azapi_resource.site.body.properties.siteConfig.appSettings : setting.name => setting.value }["AzureWebJobsStorage__credential"] == "managedidentity"
    error_message = "Bindings use the identity."
  }

  # azurerm's own resource adds one with an empty key to what it sends; this one sends what its body says and nothing else.
  assert {
    condition     = azapi_resource.site.type == "Microsoft.Web/sites@2024-04-01" && output.settings == sort(azapi_resource.site.body.properties.siteConfig.appSettings[*].name)
    error_message = "The settings are those of the body."
  }

  assert {
    condition     = azapi_resource.site.body.properties.keyVaultReferenceIdentity == var.identity.id
    error_message = "References to Key Vault are read with the app's own identity from the first start on."
  }

  assert {
    condition     = toset([for policy in azapi_update_resource.no_publishing_password : policy.name]) == toset(["ftp", "scm"]) && alltrue([for policy in azapi_update_resource.no_publishing_password : !policy.body.properties.allow])
    error_message = "Nobody deploys with a password."
  }

  assert {
    condition     = !contains(azapi_resource.site.body.properties.siteConfig.appSettings[*].name, "FUNCTIONS_WORKER_RUNTIME")
    error_message = "Flex Consumption refuses FUNCTIONS_WORKER_RUNTIME."
  }
}

run "people_are_sent_to_sign_in_and_no_client_secret_is_kept" {
  command = plan

  variables {
    app = {
      name             = "bakery"
      memory_mb        = 512
      instances        = 40
      http_concurrency = 100
      always_ready     = {}
      host             = { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
      people           = [{ role = "Baker", page = "/bake/" }]
      health           = "v1/health/"
      keyed            = []
      subscriptions    = []
      connections      = []
    }
  }

  assert {
    condition     = azapi_update_resource.sign_in.body.properties.globalValidation.unauthenticatedClientAction == "RedirectToLoginPage" && azapi_update_resource.sign_in.body.properties.identityProviders.azureActiveDirectory.registration.clientSecretSettingName == "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
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
      name             = "bakery"
      memory_mb        = 512
      instances        = 40
      http_concurrency = 100
      always_ready     = {}
      host             = { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
      people           = [{ role = "Baker", page = "/bake/" }]
      health           = "v1/health/"
      keyed            = []
      subscriptions    = [{ function = "left" }]
      connections      = []
    }
  }

  assert {
    condition     = azapi_resource.site.body.properties.siteConfig.ipSecurityRestrictionsDefaultAction == "Deny" && [for rule in azapi_resource.site.body.properties.siteConfig.ipSecurityRestrictions : "${rule.tag} ${rule.ipAddress}"] == ["ServiceTag AzureEventGrid", "ServiceTag AzureFrontDoor.Backend"]
    error_message = "Two ways in, and everybody else is refused."
  }

  assert {
    condition     = tolist(azapi_resource.site.body.properties.siteConfig.ipSecurityRestrictions[1].headers["x-azure-fdid"]) == tolist(["00000000-0000-0000-0000-0000000000fd"])
    error_message = "Not every Front Door of the world, but ours."
  }

  assert {
    condition     = azapi_resource.site.body.properties.siteConfig.scmIpSecurityRestrictionsDefaultAction == "Deny"
    error_message = "Only the build agents deploy."
  }

  assert {
    condition     = [for log in azurerm_monitor_diagnostic_setting.this.enabled_log : log.category] == ["FunctionAppLogs"]
    error_message = "AppServiceHTTPLogs would write query strings."
  }
}

run "the_setting_that_would_break_every_host_is_refused" {
  command = plan

  variables {
    settings = { AzureWebJobsStorage = "" }
  }

  expect_failures = [azapi_resource.site]
}

run "a_function_whose_work_another_region_does_is_not_called_here" {
  command = plan

  variables {
    idle_functions = ["eaten"]
  }

  assert {
    condition     = { for setting in azapi_resource.site.body.properties.siteConfig.appSettings : setting.name => setting.value if startswith(setting.name, "AzureWebJobs.") } == { "AzureWebJobs.eaten.Disabled" = "true" }
    error_message = "The host leaves it alone, and calls all others."
  }
}
