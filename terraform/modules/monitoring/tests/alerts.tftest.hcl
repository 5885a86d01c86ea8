# What wakes people, and when.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  environment         = "test"
  prefix              = "iommi-test"
  subscription_id     = "00000000-0000-0000-0000-000000000001"
  resource_group_name = "rg-test"
  location            = "westeurope"
  tags                = {}
  operations          = [for app in ["bakery", "mill", "gift", "gift-cards"] : { id = "${app}-take", app = app, api = "v1", path = "/v1/${app}", method = "get", summary = "Take", function = "take" }]
  alerts              = true
  gateway_logs        = true
  objectives = {
    days = 30
    burns = {
      fast   = { budgetPercent = 2, longMinutes = 60, shortMinutes = 5, everyMinutes = 5, severity = 1, tells = "duty" }
      slow   = { budgetPercent = 5, longMinutes = 360, shortMinutes = 30, everyMinutes = 15, severity = 2, tells = "duty" }
      ticket = { budgetPercent = 10, longMinutes = 2880, shortMinutes = 360, everyMinutes = 60, severity = 3, tells = "office" }
    }
    everyApp = [{ name = "availability", percent = 99.9, promise = "answers", source = "README.md", requests = { of = "clients" } }]
    apps     = {}
    follows  = []
  }
  retention_days     = 30
  daily_quota_gb     = 1
  notify             = { duty = { emails = ["a@example.com"] }, office = { emails = ["b@example.com"] } }
  budget_per_month   = 10
  repository_url     = "https://example.com/iommi"
  cosmos_id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/cosmos"
  storage_id         = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
  channels           = { bakers = "bakers@example.com", millers = "millers@example.com" }
  event_hubs_ids     = []
  event_capture      = false
  front_door_ids     = []
  content_safety_ids = {}

  apps = {
    bakery = {
      name          = "bakery"
      team          = "bakers"
      documents     = []
      from_hubs     = []
      reads_queues  = ["orders", "orders-poison"]
      feeds         = []
      subscriptions = []
      timers        = { rise = 5, bake = 10, close = 1440 }
    }
  }
}

run "the_budget_begins_this_month" {
  command = plan

  assert {
    condition     = azurerm_consumption_budget_subscription.this.time_period[0].start_date == formatdate("YYYY-MM-01'T'00:00:00Z", plantimestamp())
    error_message = "Azure refuses a month that is over."
  }
}

run "each_metric_is_asked_as_often_as_it_is_counted" {
  command = plan

  # ServiceAvailability has a grain of an hour; a rule that looks each minute is refused.
  assert {
    condition     = alltrue([for alert in azurerm_monitor_metric_alert.this : alert.criteria[0].metric_name != "ServiceAvailability" || alert.frequency == "PT1H"])
    error_message = "Cosmos DB counts ServiceAvailability by the hour only."
  }

  assert {
    condition     = azurerm_monitor_metric_alert.this["database-unavailable"].criteria[0].metric_name == "TotalRequests" && contains(azurerm_monitor_metric_alert.this["database-unavailable"].criteria[0].dimension[0].values, "503")
    error_message = "Answers with 5xx tell that Cosmos DB fails."
  }
}

run "silence_is_told" {
  command = plan

  # `count()` without `by` is a row also where nothing ran.
  assert {
    condition     = endswith(azurerm_monitor_scheduled_query_rules_alert_v2.this["silent-bakery-rise"].criteria[0].query, "| summarize Runs = count() | where Runs == 0")
    error_message = "A timer that stops cannot say so itself."
  }

  assert {
    condition     = [for timer in ["rise", "bake", "close"] : azurerm_monitor_scheduled_query_rules_alert_v2.this["silent-bakery-${timer}"].window_duration] == ["PT15M", "PT30M", "P2D"]
    error_message = "One that runs once a day is not late after a quarter of an hour."
  }
}

run "what_an_app_says_of_itself_reaches_somebody" {
  command = plan

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["alarm-bakery"].criteria[0].query, "isnotempty(Alarm)")
    error_message = "Each alarm, the age of what waits in a poison queue among them."
  }
}

run "what_is_counted_counts_what_sampling_left_out" {
  command = plan

  # Where rows themselves are counted, it is because one is enough to know, or because nobody samples that log.
  assert {
    condition = alltrue([
      for name, rule in azurerm_monitor_scheduled_query_rules_alert_v2.this : !can(regex("count(if)?[(]", rule.criteria[0].query)) if !can(regex("^(silent-|consumer-unmeasured-|capture-stopped)", name))
    ])
    error_message = "sum(ItemCount) and sumif(ItemCount, …), not count() and countif(…)."
  }
}

run "what_the_dashboard_draws_is_weighed_as_well" {
  assert {
    condition     = !strcontains(azurerm_portal_dashboard.this.dashboard_properties, "count()")
    error_message = "sum(Weight), not count()."
  }
}

run "a_query_says_itself_how_far_it_looks_back" {
  command = plan

  assert {
    condition     = alltrue([for rule in azurerm_monitor_scheduled_query_rules_alert_v2.this : strcontains(rule.criteria[0].query, "TimeGenerated > ago(") && !strcontains(rule.criteria[0].query, "<")])
    error_message = "A person who asks it in the workspace sees what the rule saw."
  }
}

# The host's own words (Workers/Http); the gRPC workers' are never a custom handler's.
run "a_host_that_gives_up_is_told_at_once" {
  command = plan

  assert {
    condition = alltrue([
      for words in ["worker process exited", "Failed to start http worker process", "Exceeded http worker restart retry count", "Host is shutting down"] :
      strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["handler-restarts"].criteria[0].query, words)
    ])
    error_message = "Each way in which a handler or its host ends."
  }
}

run "an_app_is_known_by_its_whole_name" {
  command = plan

  variables {
    apps = {
      for name in ["gift", "gift-cards"] : name => { name = name, team = "bakers", documents = [], reads_queues = [], from_hubs = [], feeds = [], subscriptions = [], timers = {} }
    }
  }

  assert {
    condition = (
      strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["alarm-gift-cards"].criteria[0].query, "extract('^func-.+?-(gift-cards|gift)-[0-9a-f]+$', 1, AppRoleName)") &&
      strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-gift-cards-availability-fast"].criteria[0].query, "extract('^(gift-cards|gift)-', 1, OperationId)")
    )
    error_message = "A dash in a name must not make its alerts deaf."
  }
}

run "who_builds_an_app_hears_how_it_runs_and_who_is_on_duty_hears_all" {
  assert {
    condition = (
      length(azurerm_monitor_scheduled_query_rules_alert_v2.this["alarm-bakery"].action[0].action_groups) == 2 &&
      length(azurerm_monitor_scheduled_query_rules_alert_v2.this["handler-restarts"].action[0].action_groups) == 1
    )
    error_message = "The app's team besides whoever is told anyway; what is of no app has one."
  }

  assert {
    condition     = azurerm_monitor_action_group.team["bakers"].email_receiver[0].email_address == "bakers@example.com" && length(azurerm_monitor_action_group.team) == 2
    error_message = "A team has its channel, and no other."
  }
}

run "events_that_are_late_are_told_where_there_are_hubs" {
  command = plan

  variables {
    event_hubs_ids = ["/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/evhns"]
    event_capture  = true
  }

  assert {
    condition     = azurerm_monitor_metric_alert.this["events-throttled"].criteria[0].metric_name == "ThrottledRequests" && azurerm_monitor_metric_alert.this["events-unavailable"].severity == 1
    error_message = "Too few units, and hubs that fail."
  }

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["capture-stopped"].criteria[0].query, "AZMSArchiveLogs")
    error_message = "What capture could not do is in its own table."
  }
}

run "nobody_is_told_of_hubs_where_there_are_none" {
  command = plan

  assert {
    condition     = !contains(keys(azurerm_monitor_metric_alert.this), "events-throttled") && !contains(keys(azurerm_monitor_scheduled_query_rules_alert_v2.this), "capture-stopped")
    error_message = "A rule costs something."
  }
}

run "a_function_that_a_hub_calls_is_watched" {
  command = plan

  variables {
    apps = { mill = { name = "mill", team = "millers", documents = [], reads_queues = [], from_hubs = ["eaten"], feeds = [], subscriptions = [], timers = {} } }
  }

  assert {
    condition     = contains(keys(azurerm_monitor_scheduled_query_rules_alert_v2.this), "background-mill")
    error_message = "Nobody waits for it either."
  }
}

run "a_consumer_that_is_behind_is_told_and_so_is_one_of_which_nothing_is_known" {
  command = plan

  variables {
    event_capture = true
    apps          = { mill = { name = "mill", team = "millers", documents = [], reads_queues = [], from_hubs = ["eaten"], feeds = [], subscriptions = [], timers = {} } }
  }

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["consumer-behind-mill"].criteria[0].query, "tostring(Said.consumer) == 'mill'")
    error_message = "Its team hears of it, and not the team of whoever measures."
  }

  assert {
    condition     = endswith(azurerm_monitor_scheduled_query_rules_alert_v2.this["consumer-unmeasured-mill"].criteria[0].query, "| summarize Hubs = count(), Blind = countif(Known == 0) | where Hubs == 0 or Blind > 0")
    error_message = "Silence has a row as well, and what is unknown of one hub is not known."
  }

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["alarm-mill"].criteria[0].query, "'consumer-behind'")
    error_message = "It is told once."
  }
}

run "what_is_not_captured_is_not_measured" {
  command = plan

  variables {
    apps = { mill = { name = "mill", team = "millers", documents = [], reads_queues = [], from_hubs = ["eaten"], feeds = [], subscriptions = [], timers = {} } }
  }

  assert {
    condition     = !contains(keys(azurerm_monitor_scheduled_query_rules_alert_v2.this), "consumer-unmeasured-mill")
    error_message = "It would ring for ever."
  }
}
