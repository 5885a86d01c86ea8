# What the roles of an app let it do with a queue.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  identities          = { bakery = { id = "x", principal_id = "00000000-0000-0000-0000-0000000000c1", client_id = "00000000-0000-0000-0000-0000000000c2" } }
  resource_group_name = "rg-test"
  cosmos              = { id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/cosmos", name = "cosmos" }
  storage_id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
  queue_ids = { for queue in ["orders", "orders-poison", "bills"] : queue =>
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/queueServices/default/queues/${queue}"
  }
  container_ids = { pictures = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/pictures" }
  hub_ids       = { for hub in ["cake", "crumb"] : hub => "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/evhns/eventhubs/${hub}" }
  secret_ids    = {}
  insights_id   = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Insights/components/appi"
  partners      = {}

  apps = {
    bakery = {
      name          = "bakery"
      reads_queues  = ["orders", "orders-poison"]
      sends_queues  = ["orders", "orders-poison", "bills"]
      counts_queues = ["orders", "bills"]
      sends_hubs    = ["cake"]
      reads_hubs    = ["crumb"]
      containers    = []
      subscriptions = []
      documents     = []
      foreign       = []
      reads_blobs   = ["pictures"]
      settings      = {}
      partners      = {}
      signs         = false
    }
  }
}

# After an attempt that failed the host updates the message: a role without that permission ends it.
run "whoever_is_triggered_by_a_queue_may_update_its_messages" {
  command = plan

  assert {
    condition     = alltrue([for queue in ["orders", "orders-poison"] : azurerm_role_assignment.queue["bakery/processes/${queue}"].role_definition_name == "Storage Queue Data Contributor"])
    error_message = "Storage Queue Data Message Processor may not."
  }
}

run "no_role_is_given_twice_at_one_queue" {
  command = plan

  assert {
    condition = toset(keys(azurerm_role_assignment.queue)) == toset([
      "bakery/processes/orders", "bakery/processes/orders-poison", "bakery/sends/bills", "bakery/measures/bills"
    ])
    error_message = "Azure refuses a second assignment of one role, and what Contributor may needs no other."
  }
}

run "what_belongs_to_another_app_is_only_read" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.blobs["bakery/reads/pictures"].role_definition_name == "Storage Blob Data Reader"
    error_message = "An app that is let read must not write."
  }
}

run "a_partner_fills_one_container_and_one_that_is_not_named_fills_none" {
  command = plan

  variables {
    partners = { confectioner = "00000000-0000-0000-0000-0000000000d1" }
    apps = {
      bakery = {
        name      = "bakery", reads_queues = [], sends_queues = [], counts_queues = [], sends_hubs = [], reads_hubs = [], containers = [], subscriptions = [],
        documents = [], foreign = [], reads_blobs = [], settings = {}, signs = false
        partners = {
          confectioner = { receives = [], sends = [], reads = [], uploads = ["pictures"] }
          stranger     = { receives = [], sends = [], reads = [], uploads = ["pictures"] }
        }
      }
    }
  }

  assert {
    condition = { for key, role in azurerm_role_assignment.partner : key => "${role.role_definition_name} at ${basename(role.scope)}" } == {
      "confectioner/uploads/pictures" = "Storage Blob Data Contributor at pictures"
    }
    error_message = "At this container and no other, and nobody whom the environment does not know."
  }
}

run "who_publishes_may_send_to_that_hub_and_who_reads_may_read_that_one" {
  command = plan

  assert {
    condition = { for key, role in azurerm_role_assignment.hub : key => "${role.role_definition_name} at ${basename(role.scope)}" } == {
      "bakery/sends/cake"  = "Azure Event Hubs Data Sender at cake"
      "bakery/reads/crumb" = "Azure Event Hubs Data Receiver at crumb"
    }
    error_message = "Neither at the other hub."
  }

  assert {
    condition     = alltrue([for role in azurerm_role_assignment.hub : strcontains(role.scope, "/eventhubs/")])
    error_message = "No app has a right at the namespace."
  }
}
