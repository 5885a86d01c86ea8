# What stops says nothing, and all that it would have said is silent with it. Three kinds: a timer that does not run, work that
# nobody takes although there is some, and a number that is not said although its work is done.

locals {
  # A timer is late when it has missed three turns. Rows are counted, and not what they stand for: one is enough to know that it
  # ran, and `count()` alone is a row, with 0, of a table that is empty.
  silence_alerts = {
    for late in flatten([for app in var.apps : [for timer, minutes in app.timers : {
      app    = app.name
      timer  = timer
      window = [for window in ["PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT6H", "P1D", "P2D"] : window if local.windows[window] >= min(3 * minutes, 2880)][0]
      }]]) : "silent-${late.app}-${replace(late.timer, "_", "-")}" => {
      app      = late.app
      runbook  = "docs/runbooks/silence.md"
      text     = "${late.timer} of ${late.app} has not run in any region for ${local.windows[late.window]} minutes"
      query    = "AppRequests | where TimeGenerated > ago(<since>) and OperationName == '${late.timer}' | extend App = ${local.app_of_role} | where App == '${late.app}' | summarize Runs = count() | where Runs == 0"
      window   = late.window
      every    = "PT15M"
      severity = 1
      group    = "duty"
    }
  }

  # One that runs and only ever fails is as bad. Those of an hour and more have too few runs to tell by.
  often = { for name, app in var.apps : name => [for timer, minutes in app.timers : "'${timer}'" if minutes <= 20] }

  failing_alerts = {
    for name, timers in local.often : "failing-${name}" => {
      app      = name
      runbook  = "docs/runbooks/background-failures.md"
      text     = "a timer of ${name} has failed each time for an hour"
      query    = "AppRequests | where TimeGenerated > ago(<since>) and OperationName in (${join(", ", timers)}) | extend App = ${local.app_of_role} | where App == '${name}' | summarize Runs = sum(ItemCount), Failures = sumif(ItemCount, Success == false) by OperationName | where Runs >= 3 and Failures == Runs"
      window   = "PT1H"
      every    = "PT15M"
      severity = 2
      group    = "office"
    } if length(timers) > 0
  }

  # A change feed, a queue or Event Grid calls a function only when there is something, so its silence proves nothing alone: there
  # is work, for a quarter of an hour and more, and in half an hour nobody has taken any.
  follow_alerts = {
    for follows in var.objectives.follows : "untaken-${follows.app}-${replace(follows.function, "_", "-")}" => {
      app      = follows.app
      runbook  = "docs/runbooks/work-not-taken.md"
      text     = "${follows.function} of ${follows.app} does not run, although ${follows.after.function} of ${follows.after.app} gives it work"
      window   = "PT30M"
      every    = "PT15M"
      severity = 2
      group    = "office"
      query = join(" ", [
        "AppRequests | where TimeGenerated > ago(<since>) and OperationName in ('${follows.function}', '${follows.after.function}') | extend App = ${local.app_of_role}",
        "| extend Takes = App == '${follows.app}' and OperationName == '${follows.function}',",
        "Gives = App == '${follows.after.app}' and OperationName == '${follows.after.function}' and Success == true and TimeGenerated < ago(15m)${can(follows.after.results) ? " and ResultCode in (${join(", ", [for result in follows.after.results : "'${result}'"])})" : ""}",
        "| summarize Given = sumif(ItemCount, Gives), Taken = sumif(ItemCount, Takes)",
        "| where Given >= ${try(follows.atLeast, 5)} and Taken == 0"
      ])
    } if alltrue([for of in [follows, follows.after] : contains(keys(var.apps), of.app)])
  }

  # A number that an objective is measured by, and that is not there: the objective would look kept for ever. Its work was done
  # twenty times, and nothing was said. Columns of a union are the same only if their types are: `long` on both sides.
  unsaid_alerts = {
    for key, one in local.measured : "unsaid-${key}" => {
      app      = one.app
      runbook  = "docs/runbooks/metric-silence.md"
      text     = "${one.metric} of ${one.app} is not said any more: nobody knows whether its objective is kept"
      window   = "PT6H"
      every    = "PT1H"
      severity = 3
      group    = "office"
      query = join(" ", [
        "union isfuzzy=true",
        "(AppRequests | where TimeGenerated > ago(<since>) and OperationName in (${join(", ", [for function in one.after : "'${function}'"])}) and Success == true | extend App = ${local.app_of_role} | where App == '${one.app}' | project Done = tolong(ItemCount), Lines = 0),",
        "(${local.lines[key]} | project Done = 0, Lines = tolong(ItemCount))",
        "| summarize Done = sum(Done), Lines = sum(Lines) | where Done >= 20 and Lines == 0"
      ])
    } if length(one.after) > 0
  }
}
