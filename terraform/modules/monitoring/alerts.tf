# Alerts say that customers suffer or that something waits for a hand; each names the page that says what to do. Two
# groups: duty is woken at night, office reads it in the morning. What an app raises its team hears as well, in its channel.
# Here is what apps and hosts say; what they promise and do not keep is in burning.tf, what they do not say in silence.tf.

locals {
  # Which app a line is of. A name may hold dashes, and begin or end as another does: the longest that fits.
  names            = join("|", reverse(sort(keys(var.apps))))
  app_of_role      = "extract('^func-.+?-(${local.names})-[0-9a-f]+$', 1, AppRoleName)"
  app_of_operation = "extract('^(${local.names})-', 1, OperationId)"

  # An app gave something up by itself, or could not work at what the host put aside: it waits for a hand in the container
  # of its dead letters. One line is enough, so nothing is counted.
  kept_alerts = {
    for name, app in var.apps : "dead-letters-${name}" => {
      app      = name
      runbook  = "docs/runbooks/dead-letters-growing.md"
      text     = "${name} gave something up, and kept it as a dead letter"
      query    = "AppTraces | where TimeGenerated > ago(<since>) | extend App = ${local.app_of_role} | where App == '${name}' and Message has 'dead letter kept'"
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
      query    = "AppRequests | where TimeGenerated > ago(<since>) and Success == false and isempty(Url) | extend App = ${local.app_of_role} | where App == '${name}' | summarize Failures = sum(ItemCount) by OperationName | where Failures > 20"
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
      query    = "AppTraces | where TimeGenerated > ago(<since>) and Message has 'alarm' | extend App = ${local.app_of_role}, Alarm = tostring(parse_json(Message).alarm) | where App == '${name}' and isnotempty(Alarm) and Alarm !in ('lag-alarm', 'consumer-behind')"
      window   = "PT15M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
  }

  # A consumer that is held up or dead says nothing itself: `events` says it of each, every five minutes. And nobody hears of a
  # consumer of which nothing is said, or of one of whose hubs it cannot be told. What is not captured is not measured.
  lag_alerts = merge([for name, app in var.apps : {
    "consumer-behind-${name}" = {
      app      = name
      runbook  = "docs/runbooks/events-late.md"
      text     = "events have waited for ${name} for too long"
      query    = "AppTraces | where TimeGenerated > ago(<since>) and Message has 'consumer-behind' | extend Said = parse_json(Message) | where tostring(Said.alarm) == 'consumer-behind' and tostring(Said.consumer) == '${name}'"
      window   = "PT15M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
    # Rows are counted, and not what they stand for: one is enough to know, and `count()` alone is a row also where there is none.
    "consumer-unmeasured-${name}" = {
      app      = name
      runbook  = "docs/runbooks/events-late.md"
      text     = "for half an hour nobody has known how far ${name} is behind"
      query    = "AppTraces | where TimeGenerated > ago(<since>) and Message has 'consumer-lag' | extend Said = parse_json(Message) | where tostring(Said.metric) == 'consumer-lag' and tostring(Said.consumer) == '${name}' | summarize Known = countif(toint(Said.unknown) == 0) by Hub = tostring(Said.hub) | summarize Hubs = count(), Blind = countif(Known == 0) | where Hubs == 0 or Blind > 0"
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
      query    = "AppTraces | where TimeGenerated > ago(<since>) and Message has 'lag-alarm' | extend App = ${local.app_of_role} | where App == 'legacy' and tostring(parse_json(Message).alarm) == 'lag-alarm'"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
    handler-restarts = {
      app      = null
      runbook  = "docs/runbooks/handler-restarts.md"
      text     = "handlers keep ending and being started again"
      query    = "AppTraces | where TimeGenerated > ago(<since>) and Message has_any ('worker process exited', 'Failed to start http worker process', 'Exceeded http worker restart retry count', 'Host is shutting down') and SeverityLevel >= 3 | summarize Restarts = sum(ItemCount), Over = sumif(ItemCount, Message has_any ('Exceeded http worker restart retry count', 'Host is shutting down')) by AppRoleName | where Restarts >= 3 or Over > 0"
      window   = "PT15M"
      every    = "PT5M"
      severity = 1
      group    = "duty"
    }
  }

  # The log has a line for each thing that capture could not do, and for nothing else. It is a log of the resource, which nobody
  # samples: rows are what is counted.
  capture_alerts = {
    for name in var.event_capture ? ["capture-stopped"] : [] : name => {
      app      = null
      runbook  = "docs/runbooks/capture-stopped.md"
      text     = "events cannot be captured: they are lost to the lake when their hub's retention is over"
      query    = "AZMSArchiveLogs | where TimeGenerated > ago(<since>) | summarize Failures = count() | where Failures > 0"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
    }
  }

  # A rule sees its window and no more. The query says so as well, so that it finds the same when a person asks it.
  log_alerts = {
    for name, alert in merge(
      local.burn_alerts, local.silence_alerts, local.failing_alerts, local.follow_alerts, local.unsaid_alerts,
      local.kept_alerts, local.background_alerts, local.alarm_alerts, local.lag_alerts, local.other_alerts, local.capture_alerts
    ) : name => merge(alert, { query = replace(alert.query, "<since>", "${local.windows[alert.window]}m") })
  }

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
