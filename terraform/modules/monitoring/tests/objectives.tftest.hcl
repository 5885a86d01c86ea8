# What objectives become: rules, and words for those that cannot be.

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
  alerts              = true
  gateway_logs        = true
  retention_days      = 30
  daily_quota_gb      = 1
  notify              = { duty = { emails = ["a@example.com"] }, office = { emails = ["b@example.com"] } }
  budget_per_month    = 10
  repository_url      = "https://example.com/iommi"
  cosmos_id           = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/cosmos"
  storage_id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
  channels            = { bakers = "bakers@example.com" }
  event_hubs_ids      = []
  event_capture       = false
  front_door_ids      = []
  content_safety_ids  = {}

  apps = {
    bakery = {
      name          = "bakery"
      team          = "bakers"
      functions     = ["buy", "health", "bake", "rise"]
      documents     = []
      from_hubs     = []
      reads_queues  = ["orders"]
      feeds         = []
      subscriptions = []
      timers        = { rise = 5 }
    }
  }

  operations = [
    { id = "bakery-buyCake", app = "bakery", api = "v1", path = "/v1/cakes", method = "post", summary = "Buy", function = "buy" },
    { id = "bakery-getHealth", app = "bakery", api = "v1", path = "/v1/health/{probe}", method = "get", summary = "Health", function = "health" }
  ]

  objectives = {
    days = 30
    burns = {
      fast   = { budgetPercent = 2, longMinutes = 60, shortMinutes = 5, everyMinutes = 5, severity = 1, tells = "duty" }
      slow   = { budgetPercent = 5, longMinutes = 360, shortMinutes = 30, everyMinutes = 15, severity = 2, tells = "duty" }
      ticket = { budgetPercent = 10, longMinutes = 2880, shortMinutes = 360, everyMinutes = 60, severity = 3, tells = "office" }
    }
    everyApp = [
      { name = "availability", percent = 99.9, promise = "answers", source = "README.md", requests = { of = "clients" } },
      { name = "latency", percent = 99, withinMs = 500, promise = "soon", source = "README.md", requests = { of = "clients" } }
    ]
    apps = {
      bakery = [
        { name = "latency", percent = 95, withinMs = 2000, promise = "soon", source = "README.md", requests = { of = "clients", except = ["buyCake"] } },
        { name = "paid", percent = 99.9, withinMs = 2000, failedIsLate = true, promise = "paid at once", source = "README.md", requests = { of = "clients", only = ["buyCake"] }, runbook = "docs/runbooks/authorisations-unanswered.md" },
        { name = "fresh", percent = 99, atMost = 900, tells = "office", promise = "fresh", source = "README.md", metric = { name = "bakery.age", where = { kind = ["cake"] }, after = ["bake"] } },
        { name = "read", percent = 99, atMost = 900, tells = "office", promise = "read", source = "README.md", metric = { name = "consumer-lag", field = "oldest_s" }, needs = "capture" }
      ]
    }
    follows = [{ app = "bakery", function = "bake", after = { app = "bakery", function = "buy", results = ["201"] } }]
  }
}

run "the_rates_are_those_of_the_book" {
  command = plan

  # 2 % within the hour is 14.4 times the rate, 5 % within six 6 times. The book's third window is three days, and Azure looks back
  # two: a tenth of the budget within two days is 1.5 times the rate.
  assert {
    condition = alltrue([for name, share in { fast = "0.0144", slow = "0.006", ticket = "0.0015" } :
      endswith(azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-bakery-availability-${name}"].criteria[0].query, "| where LongBad >= 5 and LongBad > ${share} * Long and ShortBad > ${share} * Short")
    ])
    error_message = "The rate follows from the share of the budget and the window."
  }

  assert {
    condition = (
      [for name in ["fast", "slow", "ticket"] : azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-bakery-availability-${name}"].window_duration] == ["PT1H", "PT6H", "P2D"] &&
      [for name in ["fast", "slow", "ticket"] : azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-bakery-availability-${name}"].evaluation_frequency] == ["PT5M", "PT15M", "PT1H"] &&
      [for name in ["fast", "slow", "ticket"] : azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-bakery-availability-${name}"].severity] == [1, 2, 3]
    )
    error_message = "Windows that Azure has; two wake somebody, the third is a ticket."
  }
}

run "an_app_says_otherwise_what_every_app_says" {
  command = plan

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-bakery-latency-fast"].criteria[0].query, "Bad = Milliseconds > 2000") && keys(output.objectives) == ["bakery-availability", "bakery-fresh", "bakery-latency", "bakery-paid"]
    error_message = "The app's own comes before that of every app, and what needs capture is not there without."
  }
}

run "what_probes_ask_for_is_no_request_of_a_client" {
  command = plan

  assert {
    condition     = strcontains(output.objectives["bakery-availability"].indicator, "OperationId !in ('bakery-getHealth')") && strcontains(output.objectives["bakery-latency"].indicator, "OperationId !in ('bakery-getHealth', 'bakery-buyCake')")
    error_message = "Front Door probes from everywhere: its answers would hide everybody else's."
  }
}

run "hosts_know_requests_by_their_functions" {
  command = plan

  variables {
    gateway_logs = false
  }

  assert {
    condition     = strcontains(output.objectives["bakery-paid"].indicator, "OperationName in ('buy')") && strcontains(output.objectives["bakery-availability"].indicator, "isnotempty(Url) | where App == 'bakery' and OperationName !in ('health')")
    error_message = "The same operation by the name of the function that serves it; what is not HTTP is left out."
  }
}

run "late_is_as_good_as_never_where_it_is_said" {
  command = plan

  assert {
    condition     = endswith(output.objectives["bakery-paid"].indicator, "| extend Bad = Failed or Milliseconds > 2000") && endswith(output.objectives["bakery-latency"].indicator, "| where not(Failed) | extend Bad = Milliseconds > 2000")
    error_message = "Elsewhere a failure counts once: among the failures."
  }
}

run "nobody_is_woken_for_what_waits_for_the_office" {
  command = plan

  assert {
    condition     = !contains(keys(azurerm_monitor_scheduled_query_rules_alert_v2.this), "slo-bakery-fresh-fast") && azurerm_monitor_scheduled_query_rules_alert_v2.this["slo-bakery-fresh-slow"].severity == 3
    error_message = "Every five minutes is too often for it."
  }
}

run "a_number_that_is_not_said_and_work_that_nobody_takes_are_told" {
  command = plan

  assert {
    condition     = endswith(azurerm_monitor_scheduled_query_rules_alert_v2.this["unsaid-bakery-fresh"].criteria[0].query, "| where Done >= 20 and Lines == 0")
    error_message = "Else the objective would look kept for ever."
  }

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.this["untaken-bakery-bake"].criteria[0].query, "OperationName == 'buy' and Success == true and TimeGenerated < ago(15m) and ResultCode in ('201')")
    error_message = "A queue is silent also when there is nothing: there must be work."
  }
}

run "an_objective_has_a_row_of_the_dashboard" {
  assert {
    condition     = alltrue([for title in ["bakery-paid: paid at once", "bakery-paid: budget left, %, day by day", "bakery-paid: burn rate by the hour; 1 uses the budget up in 30 days"] : strcontains(azurerm_portal_dashboard.this.dashboard_properties, title)])
    error_message = "What is kept, what is left, how fast it goes."
  }
}

run "what_cannot_be_an_objective_is_refused_in_words" {
  command = plan

  variables {
    objectives = {
      days     = 90
      burns    = { fast = { budgetPercent = 2, longMinutes = 90, shortMinutes = 5, everyMinutes = 5, severity = 1, tells = "duty" } }
      everyApp = []
      apps = {
        bakery = [
          { name = "a", percent = 80, promise = "", source = "", runs = ["bake"] },
          { name = "b", percent = 99, promise = "", source = "", requests = { of = "clients", only = ["eatCake"] }, colour = "red" },
          { name = "c", percent = 99, promise = "", source = "", metric = { name = "x" } }
        ]
        mill = []
      }
      follows = []
    }
  }

  expect_failures = [output.objectives]
}
