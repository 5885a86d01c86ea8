# What docs/regions.md promises about reads, writes and failover.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  name                  = "cosmos-test"
  resource_group_name   = "rg-test"
  home                  = "westeurope"
  regions               = ["westeurope", "eastus2", "southeastasia"]
  tags                  = {}
  throughput            = { shared = 1000, dedicated = 4000 }
  zone_redundant        = true
  backup_tier           = "Continuous30Days"
  public_network_access = false
  workspace_id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"

  apps = {
    bakery = {
      name = "bakery"
      documents = [
        { name = "cakes", partition_key = "/id", ttl = 60, unique_keys = [["/name"]], indexes = ["/state/?"], dedicated = true },
        { name = "crumbs", partition_key = "/id", ttl = null, unique_keys = [], indexes = null, dedicated = false },
        { name = "leases", partition_key = "/id", ttl = null, unique_keys = [], indexes = ["/id/?"], dedicated = false }
      ]
    }
    mill = {
      name      = "mill"
      documents = [{ name = "leases", partition_key = "/id", ttl = null, unique_keys = [], indexes = ["/id/?"], dedicated = false }]
    }
    oven = {
      name      = "oven"
      documents = []
    }
  }
}

run "one_region_writes_and_the_others_follow_within_bounds" {
  command = plan

  assert {
    condition     = !azurerm_cosmosdb_account.this.multiple_write_locations_enabled && azurerm_cosmosdb_account.this.automatic_failover_enabled
    error_message = "One write region, with failover."
  }

  assert {
    condition     = azurerm_cosmosdb_account.this.consistency_policy[0].consistency_level == "BoundedStaleness" && azurerm_cosmosdb_account.this.consistency_policy[0].max_interval_in_seconds == 300
    error_message = "Five minutes is the most that a lost region can take with it."
  }

  assert {
    condition     = { for location in azurerm_cosmosdb_account.this.geo_location : location.location => location.failover_priority } == { westeurope = 0, eastus2 = 1, southeastasia = 2 }
    error_message = "Regions take over in the order in which they are named."
  }
}

run "another_region_writes_and_the_account_stays_where_it_is" {
  command = plan

  variables {
    regions = ["eastus2", "westeurope", "southeastasia"]
  }

  assert {
    condition     = azurerm_cosmosdb_account.this.location == "westeurope" && { for location in azurerm_cosmosdb_account.this.geo_location : location.location => location.failover_priority }["eastus2"] == 0
    error_message = "Another location is another account: with nothing in it."
  }
}

run "one_region_is_serverless" {
  command = plan

  variables {
    regions    = ["westeurope"]
    throughput = null
  }

  assert {
    condition     = one(azurerm_cosmosdb_account.this.capabilities).name == "EnableServerless" && azurerm_cosmosdb_account.this.consistency_policy[0].consistency_level == "Session"
    error_message = "Nothing is paid for while nobody asks."
  }
}

run "only_what_queries_ask_for_is_indexed" {
  command = plan

  assert {
    condition     = one(azurerm_cosmosdb_sql_container.this["bakery/cakes"].indexing_policy[0].included_path).path == "/state/?" && one(azurerm_cosmosdb_sql_container.this["bakery/cakes"].indexing_policy[0].excluded_path).path == "/*"
    error_message = "cakes: one path."
  }

  assert {
    condition     = one(azurerm_cosmosdb_sql_container.this["bakery/crumbs"].indexing_policy[0].included_path).path == "/*"
    error_message = "crumbs: no list, so everything."
  }
}

run "each_app_with_documents_has_a_database_and_two_may_use_one_name" {
  command = plan

  assert {
    condition     = keys(azurerm_cosmosdb_sql_database.this) == ["bakery", "mill"]
    error_message = "A database for each app that has documents."
  }

  assert {
    condition     = azurerm_cosmosdb_sql_container.this["bakery/leases"].database_name == "bakery" && azurerm_cosmosdb_sql_container.this["mill/leases"].database_name == "mill"
    error_message = "Each has its own leases."
  }
}

run "no_key_opens_the_account" {
  command = plan

  assert {
    condition     = !azurerm_cosmosdb_account.this.local_authentication_enabled
    error_message = "Entra tokens only."
  }
}
