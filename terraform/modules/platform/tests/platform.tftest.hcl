# An environment as a whole, planned and "applied" against mocks, with the real apps.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

mock_provider "azuread" {
  source = "../../tests/mocks/azuread"
}

mock_provider "azapi" {
  source = "../../tests/mocks/azapi"
}

variables {
  environment        = "test"
  subscription_id    = "00000000-0000-0000-0000-000000000001"
  regions            = ["westeurope"]
  home               = "westeurope"
  telemetry_region   = "westeurope"
  functions_folder   = "../../../functions"
  crates_folder      = "../../../crates"
  teams_folder       = "../../../teams"
  objectives_file    = "../../objectives.json"
  event_units        = 2
  event_capture      = true
  throughput         = null
  zone_redundant     = false
  backup_tier        = "Continuous7Days"
  data_replication   = "LRS"
  private_network    = false
  front_door_sku     = null
  maximum_instances  = 40
  always_ready       = false
  card_network_url   = "https://processor.example.com/"
  bank_url           = "https://api.bank.example.com/"
  vendor_url         = "https://vendor.example.com/"
  bank_issuer        = "https://api.bank.example.com"
  seller             = { name = "Iommi ApS", code = "IODK" }
  log_level          = "info"
  groups             = { Moderator = ["00000000-0000-0000-0000-0000000000a1"], Operator = [] }
  partners           = { mainframe = "00000000-0000-0000-0000-0000000000b1" }
  web_origins        = ["https://www.example.com"]
  retention_days     = 30
  daily_telemetry_gb = 1
  notify             = { duty = { emails = ["a@example.com"] }, office = { emails = ["b@example.com"] } }
  budget_per_month   = 10
  repository_url     = "https://example.com/iommi"
  locked             = false

  gateway = {
    sku       = "Consumption_0"
    publisher = { name = "Iommi", email = "platform@example.com" }
    customers = null
    products  = { trial = { name = "Trial", description = "Try", approval = false, calls_per_minute = 10, calls_per_day = 100 } }
  }
}

run "one_region_without_network_or_front_door_is_made_whole" {
  assert {
    condition     = output.entry == "apim.azure-api.net"
    error_message = "Without a Front Door clients call the gateway."
  }

  assert {
    condition     = startswith(output.people.photos.Moderator, "https://") && endswith(output.people.photos.Moderator, "/moderation/") && endswith(output.people.photos.Operator, "/photos/dead-letters")
    error_message = "Each role has its page."
  }

  assert {
    condition     = length(azurerm_eventgrid_system_topic_event_subscription.this) > 0 && alltrue([for subscription in azurerm_eventgrid_system_topic_event_subscription.this : length(subscription.storage_blob_dead_letter_destination) == 1])
    error_message = "Events of new photos reach their function, and have somewhere to go if they cannot."
  }
}

run "the_first_apply_leaves_out_what_needs_the_packages" {
  command = plan

  override_data {
    target = data.azapi_resource.function
    values = { exists = false }
  }

  assert {
    condition     = length(data.azapi_resource.function) > 0 && length(azurerm_eventgrid_system_topic_event_subscription.this) == 0
    error_message = "Event Grid would refuse functions that are not there yet."
  }

  assert {
    condition     = alltrue([for function in data.azapi_resource.function : function.ignore_not_found])
    error_message = "What is not there yet does not stop the plan."
  }
}

run "three_regions_take_three_words" {
  variables {
    regions          = ["westeurope", "eastus2", "southeastasia"]
    throughput       = { shared = 1000, dedicated = 1000 }
    private_network  = true
    deploy_from      = ["192.0.2.10/32"]
    data_replication = "RAGZRS"
    front_door_sku   = "Premium_AzureFrontDoor"
    locked           = true

    gateway = {
      sku       = "StandardV2_1"
      publisher = { name = "Iommi", email = "platform@example.com" }
      customers = { openid_configuration = "https://customers.example.com/openid", issuer = "https://customers.example.com/", audiences = ["api"] }
      products  = { trial = { name = "Trial", description = "Try", approval = false, calls_per_minute = 10, calls_per_day = 100 } }
    }
  }

  assert {
    condition     = toset(keys(output.function_apps)) == toset(["westeurope", "eastus2", "southeastasia"])
    error_message = "Each region has its apps."
  }

  assert {
    condition     = output.entry == "api.azurefd.net"
    error_message = "Clients call the front door."
  }

  assert {
    condition     = output.resource_groups.southeastasia == "rg-iommi-test-seas"
    error_message = "Each region has a group."
  }
}

run "work_and_clients_follow_the_sun_where_it_is_said" {
  variables {
    sun            = "22-10 southeastasia, 10-22 westeurope"
    regions        = ["westeurope", "eastus2", "southeastasia"]
    throughput     = { shared = 1000, dedicated = 1000 }
    front_door_sku = "Standard_AzureFrontDoor"
  }

  assert {
    condition     = alltrue([for region in ["westeurope", "eastus2", "southeastasia"] : contains(module.catalogue.queues, "sales-provision-${region}") && contains(module.catalogue.queues, "sales-provision-${region}-poison")]) && !contains(module.catalogue.queues, "sales-provision-everywhere")
    error_message = "Each region has queues of its own."
  }

  assert {
    condition     = output.sun.profile == "afd-iommi-test" && output.sun.by_hour[9] == "southeastasia" && output.sun.by_hour[10] == "westeurope" && length(output.sun.by_hour) == 24
    error_message = "The pipeline is told whom clients reach first at each hour."
  }
}

run "nothing_follows_the_sun_without_a_front_door" {
  command = plan

  variables {
    sun        = "0-24 westeurope"
    regions    = ["westeurope", "eastus2"]
    throughput = { shared = 1000, dedicated = 1000 }
  }

  expect_failures = [var.sun]
}

run "the_order_of_failover_moves_nothing" {
  variables {
    regions    = ["eastus2", "westeurope"]
    throughput = { shared = 1000, dedicated = 1000 }
  }

  assert {
    condition = toset(concat(
      [azurerm_resource_group.global.location, azurerm_resource_group.data.location, azurerm_eventgrid_system_topic.blobs[0].location],
      [for identity in azurerm_user_assigned_identity.app : identity.location]
    )) == toset(["westeurope"])
    error_message = "What is there once lies at home, whichever region writes."
  }
}

run "home_is_a_region" {
  command = plan

  variables {
    regions = ["eastus2"]
  }

  expect_failures = [var.home]
}

run "several_regions_need_throughput" {
  command = plan

  variables {
    regions = ["westeurope", "eastus2"]
  }

  expect_failures = [var.throughput]
}

run "events_go_to_one_region_that_exists" {
  command = plan

  variables {
    active_region = "eastus2"
  }

  expect_failures = [var.active_region]
}

run "not_every_region_can_be_drained" {
  command = plan

  variables {
    drained = ["westeurope"]
  }

  expect_failures = [var.drained]
}

# Apps of a bakery: one of them sends mails, and hears what became of them.
run "who_sends_mails_has_a_service_for_it_and_hears_what_became_of_them" {
  variables {
    functions_folder = "../../tests/fixtures/functions"
    crates_folder    = "../../tests/fixtures/crates"
    teams_folder     = "../../tests/fixtures/teams"
    objectives_file  = "../../tests/fixtures/objectives.json"
    groups           = { Baker = [], Operator = [] }
    partners         = {}
  }

  assert {
    condition     = length(module.email) == 1 && azurerm_eventgrid_system_topic.communication[0].source_resource_id == module.email[0].id
    error_message = "The topic is that of the service which the mails go through."
  }

  assert {
    condition     = azurerm_eventgrid_system_topic_event_subscription.this["bakery-ground"].system_topic == azurerm_eventgrid_system_topic.communication[0].name && length(azurerm_eventgrid_system_topic_event_subscription.this["bakery-ground"].subject_filter) == 0
    error_message = "Reports of mails come from that topic, whatever they are about."
  }

  assert {
    condition     = azurerm_eventgrid_system_topic_event_subscription.this["bakery-left"].system_topic == azurerm_eventgrid_system_topic.blobs[0].name && azurerm_eventgrid_system_topic_event_subscription.this["bakery-left"].subject_filter[0].subject_begins_with == "/blobServices/default/containers/bakery-pictures/"
    error_message = "Blobs are told as before."
  }
}
