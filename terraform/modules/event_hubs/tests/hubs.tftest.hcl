# A namespace with hubs: one is captured, one is not.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

mock_provider "azapi" {
  source = "../../tests/mocks/azapi"
}

override_data {
  target = data.azapi_resource.namespace
  values = { output = { properties = { serviceBusEndpoint = "https://evhns-test.z1.eventhubs.azure.net:443/" } } }
}

variables {
  name                     = "evhns-test-abcde"
  resource_group_name      = "rg-test"
  location                 = "westeurope"
  tags                     = {}
  capture                  = true
  maximum_throughput_units = 4
  storage_id               = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
  container_ids            = { captured = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/captured" }
  platform_team            = { name = "platform", security_group = "iommi-platform", channel = "platform@example.com" }
  owners                   = ["00000000-0000-0000-0000-0000000000f1"]
  public_network_access    = false
  deploy_from              = ["192.0.2.10/32"]
  workspace_id             = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"

  hubs = {
    cake  = { partitions = 4, hours = 48, team = "bakers", capture = { container = "captured", seconds = 300, bytes = 314572800 }, groups = { mill = "millers", shop = "bakers" } }
    crumb = { partitions = 1, hours = 168, team = "bakers", capture = null, groups = {} }
  }
}

run "no_key_opens_the_namespace_and_it_inflates_by_itself" {
  assert {
    condition     = !azurerm_eventhub_namespace.this.local_authentication_enabled && azurerm_eventhub_namespace.this.minimum_tls_version == "1.2" && azurerm_eventhub_namespace.this.sku == "Standard"
    error_message = "Entra tokens only."
  }

  assert {
    condition     = azurerm_eventhub_namespace.this.auto_inflate_enabled && azurerm_eventhub_namespace.this.capacity == 1 && azurerm_eventhub_namespace.this.maximum_throughput_units == 4
    error_message = "From one unit to four."
  }
}

run "one_unit_does_not_inflate" {
  variables {
    maximum_throughput_units = 1
  }

  assert {
    condition     = !azurerm_eventhub_namespace.this.auto_inflate_enabled && azurerm_eventhub_namespace.this.maximum_throughput_units == 0
    error_message = "Azure refuses a maximum without inflation."
  }
}

run "with_a_private_network_only_who_registers_schemas_comes_by_the_public_address" {
  assert {
    condition     = azurerm_eventhub_namespace.this.network_rulesets[0].default_action == "Deny" && azurerm_eventhub_namespace.this.network_rulesets[0].ip_rule[0].ip_mask == "192.0.2.10/32" && azurerm_eventhub_namespace.this.public_network_access_enabled
    error_message = "The addresses of deploy_from, and nobody else."
  }
}

run "nobody_comes_where_nobody_deploys_from" {
  variables {
    deploy_from = []
  }

  assert {
    condition     = !azurerm_eventhub_namespace.this.public_network_access_enabled && azurerm_eventhub_namespace.this.network_rulesets[0].default_action == "Deny"
    error_message = "Without a rule Azure would let everybody in who has a token."
  }
}

run "without_a_network_everybody_with_a_token_comes" {
  variables {
    public_network_access = true
  }

  assert {
    condition     = azurerm_eventhub_namespace.this.public_network_access_enabled && azurerm_eventhub_namespace.this.network_rulesets[0].default_action == "Allow" && length(azurerm_eventhub_namespace.this.network_rulesets[0].ip_rule) == 0
    error_message = "In dev there is no network."
  }
}

run "hubs_have_their_partitions_and_hours" {
  assert {
    condition     = { for name, hub in azurerm_eventhub.this : name => [hub.partition_count, hub.retention_description[0].retention_time_in_hours] } == { cake = [4, 48], crumb = [1, 168] }
    error_message = "As their apps say."
  }
}

run "capture_writes_into_its_container_with_the_namespaces_identity_and_into_no_other" {
  assert {
    condition = jsonencode(azurerm_eventhub.this["cake"].capture_description[0]) == jsonencode({
      destination = [{
        archive_name_format         = "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"
        blob_container_name         = "captured"
        name                        = "EventHubArchive.AzureBlockBlob"
        storage_account_id          = var.storage_id
        storage_authentication_id   = null
        storage_authentication_type = "SystemAssigned"
      }]
      enabled             = true
      encoding            = "Avro"
      interval_in_seconds = 300
      size_limit_in_bytes = 314572800
      skip_empty_archives = true
    })
    error_message = "Each five minutes or 300 MiB; no files without events; no key."
  }

  assert {
    condition     = length(azurerm_eventhub.this["crumb"].capture_description) == 0
    error_message = "Who does not ask for capture has none."
  }

  assert {
    condition     = keys(azurerm_role_assignment.capture) == ["captured"] && azurerm_role_assignment.capture["captured"].scope == var.container_ids["captured"] && azurerm_role_assignment.capture["captured"].principal_id == azurerm_eventhub_namespace.this.identity[0].principal_id
    error_message = "The role is at the container, not at the account."
  }

  assert {
    condition     = keys(azurerm_role_assignment.applies) == ["captured/00000000-0000-0000-0000-0000000000f1"]
    error_message = "Azure asks whether whoever makes the hub could write there."
  }
}

run "where_capture_is_not_paid_for_there_is_none" {
  variables {
    capture = false
  }

  assert {
    condition     = alltrue([for hub in azurerm_eventhub.this : length(hub.capture_description) == 0]) && length(azurerm_role_assignment.capture) == 0 && length(azurerm_role_assignment.applies) == 0
    error_message = "The hubs are there all the same."
  }
}

run "a_group_names_the_team_that_reads" {
  assert {
    condition     = { for key, group in azurerm_eventhub_consumer_group.this : key => "${group.eventhub_name}, ${group.user_metadata}" } == { "cake/mill" = "cake, team : millers", "cake/shop" = "cake, team : bakers" }
    error_message = "Who reads is seen at the group."
  }
}

run "schemas_are_json_and_only_who_applies_registers_them" {
  assert {
    condition     = azapi_resource.schemas.name == "events" && azapi_resource.schemas.body.properties.schemaType == "Json" && azapi_resource.schemas.body.properties.schemaCompatibility == "None"
    error_message = "Azure compares Avro only; what may be released is asked before."
  }

  assert {
    condition     = azapi_resource.schemas.body.properties.groupProperties == { team = "platform", owner = "iommi-platform", channel = "platform@example.com" }
    error_message = "Whom to ask."
  }

  assert {
    condition     = keys(azurerm_role_assignment.registers) == ["00000000-0000-0000-0000-0000000000f1"]
    error_message = "Neither apps nor people."
  }
}

run "apps_are_told_the_name_that_azure_gives" {
  assert {
    condition     = output.host == "evhns-test.z1.eventhubs.azure.net"
    error_message = "A host name without scheme and port, as Azure says it."
  }
}

run "more_units_than_there_are_are_refused" {
  command = plan

  variables {
    maximum_throughput_units = 41
  }

  expect_failures = [var.maximum_throughput_units]
}
