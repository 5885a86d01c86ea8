# Alerts say that customers suffer or that something waits for a hand; each names the page that says what to do. Two
# groups: duty is woken at night, office reads it in the morning. What an app raises its team hears as well, in its channel.

locals {
  # Which app a line is of. A name may hold dashes, and begin or end as another does: the longest that fits.
  names            = join("|", reverse(sort(keys(var.apps))))
  app_of_role      = "extract('^func-.+?-(${local.names})-[0-9a-f]+$', 1, AppRoleName)"
  app_of_operation = "extract('^(${local.names})-', 1, OperationId)"

  # Requests that clients make, by app: operations are named <app>-<operation> (modules/catalogue). The gateway's log is
  # there where API Management writes one; elsewhere (dev) the hosts' own telemetry, which knows the apps by their role.
  requests = var.gateway_logs ? join(" ", [
    "ApiManagementGatewayLogs",
    "| where isnotempty(OperationId)",
    "| extend App = ${local.app_of_operation}, Failed = ResponseCode >= 500, Milliseconds = TotalTime, Weight = 1"
    ]) : join(" ", [
    "AppRequests",
    "| extend App = ${local.app_of_role}, OperationId = OperationName, Failed = toint(ResultCode) >= 500, Milliseconds = DurationMs, Weight = ItemCount"
  ])

  failed = "AppRequests | where Success == false | extend App = ${local.app_of_role}"

  # Burn rates of a month's budget of errors, by Google's SRE workbook: 2 % of it gone within the hour, or 5 % within
  # six. The short window beside the long one ends the alert soon after the trouble.
  burns = {
    fast = { long = "PT1H", long_minutes = 60, short_minutes = 5, rate = 14.4, severity = 1, group = "duty", every = "PT5M" }
    slow = { long = "PT6H", long_minutes = 360, short_minutes = 30, rate = 6, severity = 2, group = "office", every = "PT15M" }
  }

  burn_alerts = {
    for pair in setproduct(keys(var.apps), keys(local.burns)) : "slo-${pair[0]}-${pair[1]}" => merge(local.burns[pair[1]], {
      app     = pair[0]
      runbook = "docs/runbooks/slo-burn.md"
      text    = "${pair[0]} uses up its month's ${format("%.2f", 100 - var.slo_percent)} % of errors at ${local.burns[pair[1]].rate} times the rate it may"
      window  = local.burns[pair[1]].long
      query = join(" ", [
        local.requests,
        "| where App == '${pair[0]}'",
        "| summarize Long = 100.0 * sumif(Weight, Failed) / sum(Weight), Short = 100.0 * sumif(Weight, Failed and TimeGenerated > ago(${local.burns[pair[1]].short_minutes}m)) / max_of(1, sumif(Weight, TimeGenerated > ago(${local.burns[pair[1]].short_minutes}m))), Failures = sumif(Weight, Failed)",
        "| where Failures >= 5 and Long > ${local.burns[pair[1]].rate * (100 - var.slo_percent)} and Short > ${local.burns[pair[1]].rate * (100 - var.slo_percent)}"
      ])
    })
  }

  # An app gave something up by itself, or could not work at what the host put aside: it waits for a hand in the container
  # of its dead letters.
  kept_alerts = {
    for name, app in var.apps : "dead-letters-${name}" => {
      app      = name
      runbook  = "docs/runbooks/dead-letters-growing.md"
      text     = "${name} gave something up, and kept it as a dead letter"
      query    = "AppTraces | extend App = ${local.app_of_role} | where App == '${name}' and Message has 'dead letter kept'"
      window   = "PT15M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    } if contains([for container in app.documents : container.name], "dead-letters")
  }

  # A function that is not HTTP fails again and again: its messages or changes are waiting.
  background_alerts = {
    for name, app in var.apps : "background-${name}" => {
      app      = name
      runbook  = "docs/runbooks/background-failures.md"
      text     = "functions of ${name} that nobody waits for keep failing"
      query    = "${local.failed} | where App == '${name}' and isempty(Url) | summarize Failures = sum(ItemCount) by OperationName | where Failures > 20"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    } if length(setunion(app.reads_queues, app.feeds, app.from_hubs)) + length(app.subscriptions) > 0
  }

  # What an app says of itself: a line with the field `alarm`, such as the age of what waits in a poison queue or of the
  # oldest work that is due. Each line is there as long as the trouble is.
  alarm_alerts = {
    for name, app in var.apps : "alarm-${name}" => {
      app      = name
      runbook  = "docs/runbooks/alarms.md"
      text     = "${name} raises an alarm: the line's field says which"
      query    = "AppTraces | where Message has 'alarm' | extend App = ${local.app_of_role}, Alarm = tostring(parse_json(Message).alarm) | where App == '${name}' and isnotempty(Alarm) and Alarm !in ('lag-alarm', 'consumer-behind')"
      window   = "PT15M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
  }

  # A timer that stops raises no alarm, and all that it would have raised is silent with it. One row, also without any run.
  # It is late when it has missed three turns; Azure knows these windows, and two days is the longest.
  windows = { PT15M = 15, PT30M = 30, PT45M = 45, PT1H = 60, PT2H = 120, PT3H = 180, PT6H = 360, P1D = 1440, P2D = 2880 }

  silence_alerts = {
    for late in flatten([for app in var.apps : [for timer, minutes in app.timers : {
      app    = app.name
      timer  = timer
      window = [for window in ["PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT6H", "P1D", "P2D"] : window if local.windows[window] >= min(3 * minutes, 2880)][0]
      }]]) : "silent-${late.app}-${replace(late.timer, "_", "-")}" => {
      app      = late.app
      runbook  = "docs/runbooks/silence.md"
      text     = "${late.timer} of ${late.app} has not run in any region for ${local.windows[late.window]} minutes"
      query    = "AppRequests | where OperationName == '${late.timer}' and AppRoleName has '-${late.app}-' | summarize Runs = count() | where Runs == 0"
      window   = late.window
      every    = "PT15M"
      severity = 1
      group    = "duty"
    }
  }

  # A consumer that is held up or dead says nothing itself: `events` says it of each, every five minutes. And nobody hears of a
  # consumer of which nothing is said, or only that it cannot be told. What is not captured is not measured.
  lag_alerts = merge([for name, app in var.apps : {
    "consumer-behind-${name}" = {
      app      = name
      runbook  = "docs/runbooks/events-late.md"
      text     = "events have waited for ${name} for too long"
      query    = "AppTraces | where Message has 'consumer-behind' | extend Said = parse_json(Message) | where tostring(Said.alarm) == 'consumer-behind' and tostring(Said.consumer) == '${name}'"
      window   = "PT15M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
    "consumer-unmeasured-${name}" = {
      app      = name
      runbook  = "docs/runbooks/events-late.md"
      text     = "for half an hour nobody has known how far ${name} is behind"
      query    = "AppTraces | where Message has 'consumer-lag' | extend Said = parse_json(Message) | where tostring(Said.metric) == 'consumer-lag' and tostring(Said.consumer) == '${name}' and toint(Said.unknown) == 0 | summarize Lines = count() | where Lines == 0"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
  } if length(app.from_hubs) > 0 && var.event_capture]...)

  other_alerts = {
    mainframe-lag = {
      app      = "legacy"
      runbook  = "docs/runbooks/lag-alert.md"
      text     = "the mainframe has not answered for a long time"
      query    = "AppTraces | where Message has 'lag-alarm' and AppRoleName has '-legacy-'"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
    # The card network waits two seconds and then decides by a rule of its own: late is as good as never. Five, so that one
    # that was unlucky wakes nobody.
    authorisations-unanswered = {
      app     = "accounts"
      runbook = "docs/runbooks/authorisations-unanswered.md"
      text    = "more than one in a hundred questions of the card network get no answer in time"
      query = join(" ", [
        local.requests,
        "| where OperationId in ('accounts-authorise', 'authorisation')",
        "| summarize Asked = sum(Weight), Unanswered = sumif(Weight, Failed or Milliseconds > 2000)",
        "| where Unanswered >= 5 and Unanswered > 0.01 * Asked"
      ])
      window   = "PT15M"
      every    = "PT5M"
      severity = 1
      group    = "duty"
    }
    handler-restarts = {
      app      = null
      runbook  = "docs/runbooks/handler-restarts.md"
      text     = "handlers keep ending and being started again"
      query    = "AppTraces | where Message has_any ('worker process exited', 'Failed to start http worker process', 'Exceeded http worker restart retry count', 'Host is shutting down') and SeverityLevel >= 3 | summarize Restarts = sum(ItemCount), Over = countif(Message has_any ('Exceeded http worker restart retry count', 'Host is shutting down')) by AppRoleName | where Restarts >= 3 or Over > 0"
      window   = "PT15M"
      every    = "PT5M"
      severity = 1
      group    = "duty"
    }
  }

  # The log has a line for each thing that capture could not do, and for nothing else.
  capture_alerts = {
    for name in var.event_capture ? ["capture-stopped"] : [] : name => {
      app      = null
      runbook  = "docs/runbooks/capture-stopped.md"
      text     = "events cannot be captured: they are lost to the lake when their hub's retention is over"
      query    = "AZMSArchiveLogs | summarize Failures = count() | where Failures > 0"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
  }

  log_alerts = merge(local.burn_alerts, local.kept_alerts, local.background_alerts, local.alarm_alerts, local.silence_alerts, local.lag_alerts, local.other_alerts, local.capture_alerts)

  # Who answers for an app hears of it, whoever is on duty. An alert of no app is the platform's, who are duty and office.
  heard_by = { for name, alert in local.log_alerts : name => try([azurerm_monitor_action_group.team[var.apps[alert.app].team].id], []) }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "this" {
  for_each = { for name, alert in local.log_alerts : name => alert if var.alerts }

  name                    = "alert-${var.prefix}-${each.key}"
  display_name            = each.value.text
  description             = "${var.repository_url}/${each.value.runbook}"
  resource_group_name     = var.resource_group_name
  location                = var.location
  scopes                  = [azurerm_log_analytics_workspace.this.id]
  severity                = each.value.severity
  evaluation_frequency    = each.value.every
  window_duration         = each.value.window
  auto_mitigation_enabled = true
  # Tables come with the first data; a rule may be there before them.
  skip_query_validation = true
  tags                  = var.tags

  criteria {
    query                   = each.value.query
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = 0

    failing_periods {
      minimum_failing_periods_to_trigger_alert = 1
      number_of_evaluation_periods             = 1
    }
  }

  action {
    action_groups     = concat([azurerm_monitor_action_group.this[each.value.group].id], local.heard_by[each.key])
    custom_properties = { runbook = "${var.repository_url}/${each.value.runbook}" }
  }
}

locals {
  metric_alerts = merge(
    {
      database-throttled = {
        runbook   = "docs/runbooks/cosmos-throttling.md"
        text      = "Cosmos DB refuses requests because they are too many"
        scope     = var.cosmos_id
        namespace = "Microsoft.DocumentDB/databaseAccounts"
        metric    = "TotalRequests"
        how       = "Count"
        operator  = "GreaterThan"
        threshold = 100
        dimension = { name = "StatusCode", values = ["429"] }
        severity  = 2
        group     = "office"
      }
      database-unavailable = {
        runbook   = "docs/regions.md"
        text      = "Cosmos DB fails; with several regions, fail over"
        scope     = var.cosmos_id
        namespace = "Microsoft.DocumentDB/databaseAccounts"
        # Not ServiceAvailability: that is counted by the hour. When nothing is answered at all, health/ready fails in every
        # region, and region-unhealthy tells.
        metric    = "TotalRequests"
        how       = "Count"
        operator  = "GreaterThan"
        threshold = 20
        dimension = { name = "StatusCode", values = ["500", "502", "503", "504"] }
        severity  = 1
        group     = "duty"
      }
      storage-unavailable = {
        runbook   = "docs/regions.md"
        text      = "the account with queues and photos is not available"
        scope     = var.storage_id
        namespace = "Microsoft.Storage/storageAccounts"
        metric    = "Availability"
        how       = "Average"
        operator  = "LessThan"
        threshold = 99
        dimension = null
        severity  = 1
        group     = "duty"
      }
    },
    { for id in var.front_door_ids : "region-unhealthy" => {
      runbook   = "docs/regions.md"
      text      = "Front Door finds a region not ready"
      scope     = id
      namespace = "Microsoft.Cdn/profiles"
      metric    = "OriginHealthPercentage"
      how       = "Average"
      operator  = "LessThan"
      threshold = 60
      dimension = { name = "Origin", values = ["*"] }
      severity  = 1
      group     = "duty"
    } },
    { for id in var.event_hubs_ids : "events-throttled" => {
      runbook   = "docs/runbooks/events-late.md"
      text      = "event hubs refuse events because they are too many: more throughput units are needed"
      scope     = id
      namespace = "Microsoft.EventHub/namespaces"
      metric    = "ThrottledRequests"
      how       = "Total"
      operator  = "GreaterThan"
      threshold = 100
      dimension = null
      severity  = 2
      group     = "office"
    } },
    { for id in var.event_hubs_ids : "events-unavailable" => {
      runbook   = "docs/runbooks/events-late.md"
      text      = "event hubs fail: facts wait in the outboxes of their apps"
      scope     = id
      namespace = "Microsoft.EventHub/namespaces"
      metric    = "ServerErrors"
      how       = "Total"
      operator  = "GreaterThan"
      threshold = 20
      dimension = null
      severity  = 1
      group     = "duty"
    } },
    { for region, id in var.content_safety_ids : "content-safety-${region}" => {
      runbook   = "docs/runbooks/content-safety-down.md"
      text      = "Content Safety fails in ${region}: photos wait for people"
      scope     = id
      namespace = "Microsoft.CognitiveServices/accounts"
      metric    = "ServerErrors"
      how       = "Total"
      operator  = "GreaterThan"
      threshold = 20
      dimension = null
      severity  = 2
      group     = "office"
    } }
  )
}

resource "azurerm_monitor_metric_alert" "this" {
  for_each = { for name, alert in local.metric_alerts : name => alert if var.alerts }

  name                = "alert-${var.prefix}-${each.key}"
  description         = "${each.value.text}: ${var.repository_url}/${each.value.runbook}"
  resource_group_name = var.resource_group_name
  scopes              = [each.value.scope]
  severity            = each.value.severity
  frequency           = "PT1M"
  window_size         = "PT5M"
  auto_mitigate       = true
  tags                = var.tags

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.how
    operator         = each.value.operator
    threshold        = each.value.threshold

    dynamic "dimension" {
      for_each = each.value.dimension == null ? [] : [each.value.dimension]

      content {
        name     = dimension.value.name
        operator = "Include"
        values   = dimension.value.values
      }
    }
  }

  action {
    action_group_id    = azurerm_monitor_action_group.this[each.value.group].id
    webhook_properties = { runbook = "${var.repository_url}/${each.value.runbook}" }
  }
}
