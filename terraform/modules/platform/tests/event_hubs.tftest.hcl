# An environment with event hubs: those of a bakery, read by a mill, in the mill's container captured.

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
  functions_folder   = "../../tests/fixtures/functions"
  crates_folder      = "../../tests/fixtures/crates"
  teams_folder       = "../../tests/fixtures/teams"
  objectives_file    = "../../tests/fixtures/objectives.json"
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
  groups             = { Baker = ["00000000-0000-0000-0000-0000000000a1"], Operator = ["00000000-0000-0000-0000-0000000000a2"] }
  team_groups        = { iommi-bakers = "00000000-0000-0000-0000-0000000000a3" }
  partners           = {}
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

run "hubs_are_made_once_and_apps_are_told_where" {
  assert {
    condition     = keys(module.event_hubs[0].hub_ids) == ["cake", "crumb"] && contains(output.settings.westeurope.mill, "EVENT_HUBS__fullyQualifiedNamespace") && contains(output.settings.westeurope.mill, "EVENT_HUBS__clientId")
    error_message = "Two hubs, and the mill's connection with its identity."
  }

  assert {
    condition     = azurerm_eventgrid_system_topic.captures[0].source_resource_id == module.event_hubs[0].id && azurerm_eventgrid_system_topic.captures[0].topic_type == "Microsoft.EventHub.Namespaces"
    error_message = "Files of captured events are told."
  }

  assert {
    condition = (
      azurerm_eventgrid_system_topic_event_subscription.this["mill-captured"].system_topic == azurerm_eventgrid_system_topic.captures[0].name &&
      azurerm_eventgrid_system_topic_event_subscription.this["mill-captured"].included_event_types == tolist(["Microsoft.EventHub.CaptureFileCreated"]) &&
      azurerm_eventgrid_system_topic_event_subscription.this["mill-captured"].storage_blob_dead_letter_destination[0].storage_blob_container_name == "mill-undelivered" &&
      length(azurerm_eventgrid_system_topic_event_subscription.this["mill-captured"].subject_filter) == 0
    )
    error_message = "To the mill, of all hubs, and what cannot be delivered has a place."
  }

  assert {
    condition     = keys(azurerm_role_assignment.capture_dead_letters) == ["mill-undelivered"]
    error_message = "Event Grid may write there."
  }
}

run "without_capture_hubs_are_there_and_nobody_hears_of_files" {
  variables {
    event_capture = false
  }

  assert {
    condition     = length(module.event_hubs[0].hub_ids) == 2 && length(azurerm_eventgrid_system_topic.captures) == 0 && !contains(keys(azurerm_eventgrid_system_topic_event_subscription.this), "mill-captured")
    error_message = "What is not captured has no files."
  }

  assert {
    condition     = contains(keys(azurerm_eventgrid_system_topic_event_subscription.this), "bakery-left")
    error_message = "Blobs are told as before."
  }
}

run "hubs_are_read_in_one_region_and_by_the_next_after_a_failover" {
  variables {
    regions    = ["westeurope", "eastus2"]
    throughput = { shared = 1000, dedicated = 1000 }
  }

  assert {
    condition     = !contains(output.settings.westeurope.mill, "AzureWebJobs.eaten.Disabled") && contains(output.settings.eastus2.mill, "AzureWebJobs.eaten.Disabled")
    error_message = "Who reads what stands in the host storage of a region: two would take the partitions from each other for ever."
  }
}

run "how_far_consumers_are_is_asked_where_hubs_are_read" {
  variables {
    regions    = ["westeurope", "eastus2"]
    throughput = { shared = 1000, dedicated = 1000 }
  }

  assert {
    condition     = local.checkpoints == "mill=https://${local.host_storage_names.westeurope.mill}.blob.core.windows.net/" && contains(output.settings.westeurope.bakery, "CHECKPOINTS")
    error_message = "Whoever asks is told of each app that reads a hub."
  }

  assert {
    condition     = module.region["westeurope"].checkpoint_readers == { "bakery/mill" = "Storage Blob Data Reader" } && length(module.region["eastus2"].checkpoint_readers) == 0
    error_message = "It may read the checkpoints and nothing else, in the region that reads."
  }
}

run "another_active_region_reads" {
  variables {
    regions       = ["westeurope", "eastus2"]
    active_region = "eastus2"
    throughput    = { shared = 1000, dedicated = 1000 }
  }

  assert {
    condition     = contains(output.settings.westeurope.mill, "AzureWebJobs.eaten.Disabled") && !contains(output.settings.eastus2.mill, "AzureWebJobs.eaten.Disabled")
    error_message = "One word moves it."
  }

  assert {
    condition     = local.checkpoints == "mill=https://${local.host_storage_names.eastus2.mill}.blob.core.windows.net/" && length(module.region["westeurope"].checkpoint_readers) == 0
    error_message = "And the question where the checkpoints are."
  }
}

run "a_region_without_a_way_out_reaches_hubs_by_a_private_address" {
  variables {
    private_network = true
    deploy_from     = ["192.0.2.10/32"]

    gateway = {
      sku       = "StandardV2_1"
      publisher = { name = "Iommi", email = "platform@example.com" }
      customers = { openid_configuration = "https://customers.example.com/openid", issuer = "https://customers.example.com/", audiences = ["api"] }
      products  = { trial = { name = "Trial", description = "Try", approval = false, calls_per_minute = 10, calls_per_day = 100 } }
    }
  }

  assert {
    condition     = local.hub_targets == { events = { id = module.event_hubs[0].id, kind = "namespace" } }
    error_message = "As the other data services."
  }
}

run "a_team_operates_its_own_apps_and_hears_of_them_where_they_run" {
  command = plan

  assert {
    condition     = jsonencode(local.operators) == jsonencode({ bakery = ["00000000-0000-0000-0000-0000000000a3"], mill = [] }) && local.channels.bakers == "bakers-dev@example.com"
    error_message = "The bakers' group operates the bakery; a team without an id operates nothing."
  }

  assert {
    condition     = azurerm_user_assigned_identity.app["bakery"].tags.team == "bakers" && azurerm_resource_group.data.tags.team == "platform"
    error_message = "What belongs to an app has its team's name, what is shared the platform's."
  }
}

run "production_is_heard_in_another_channel" {
  command = plan

  variables {
    environment = "production"
  }

  assert {
    condition     = local.channels.bakers == "bakers-live@example.com"
    error_message = "Trials do not drown what customers notice."
  }
}
