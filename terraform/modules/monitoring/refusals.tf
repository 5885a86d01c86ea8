# What is no objective, in words that say which it is and what would be right.

locals {
  fields  = ["name", "percent", "promise", "source", "requests", "runs", "metric", "withinMs", "failedIsLate", "atMost", "atLeast", "tells", "runbook", "needs"]
  windows = { for minutes, window in { 5 = "PT5M", 10 = "PT10M", 15 = "PT15M", 30 = "PT30M", 45 = "PT45M", 60 = "PT1H", 120 = "PT2H", 180 = "PT3H", 240 = "PT4H", 300 = "PT5H", 360 = "PT6H", 1440 = "P1D", 2880 = "P2D" } : window => minutes }
  spans   = { for window, minutes in local.windows : tostring(minutes) => window }

  functions_of = { for app, of in var.apps : app => toset(try(of.functions, [])) }

  objectionable = concat(
    [for app in keys(try(var.objectives.apps, {})) : "${app} is no app" if !contains(keys(var.apps), app)],
    [for app in keys(var.apps) : "${app} has no objective: name one under `apps`" if !contains([for one in local.entries : one.app], app)],
    [for key, all in local.objectives : "${key} is there twice" if length(all) > 1],
    flatten([for each in local.entries : [for field in keys(each.entry) : "${each.key} has the field ${field}, which nothing reads" if !contains(local.fields, field)]]),
    flatten([for key, all in local.objectives : [for one in all : concat(
      one.percent > 0 && one.percent < 100 ? [] : ["${key}: percent is more than 0 and less than 100, not ${one.percent}"],
      contains(["clients", "functions", "runs", "metric"], one.kind) ? [] : ["${key}: requests are `of` clients or functions"],
      contains(["duty", "office"], one.tells) ? [] : ["${key}: tells is duty or office, not ${one.tells}"],
      one.kind != "metric" || (one.metric != null && one.limit != null) ? [] : ["${key}: a metric has a `name`, and `atMost` says from where on it is late"],
      one.kind == "metric" || one.limit == null ? [] : ["${key}: atMost is for a metric; what is late of requests and runs says withinMs"],
      !one.late || one.within != null ? [] : ["${key}: failedIsLate needs withinMs"],
      !contains(["functions", "runs"], one.kind) || length(one.only) > 0 ? [] : ["${key}: name the functions"],
      one.kind == "clients" ? [for name in concat(one.only, one.except) : "${key}: no operation of ${one.app} is called ${name}" if !contains(keys(local.operations_of[one.app]), name)] : [],
      one.kind == "clients" && !contains(local.with_clients, one.app) ? ["${key}: no client calls ${one.app}; name functions"] : [],
      contains(["functions", "runs"], one.kind) ? [for name in one.only : "${key}: no function of ${one.app} is called ${name}" if !contains(local.functions_of[one.app], name)] : [],
      [for name in one.after : "${key}: no function of ${one.app} is called ${name}" if !contains(local.functions_of[one.app], name)],
      contains(keys(var.apps), one.said_by) ? [] : ["${key}: saidBy names no app: ${one.said_by}"],
      # A budget so large that everything failing does not burn it at the rate of an alert.
      [for burn in local.burns_of[one.tells] : "${key}: with ${one.percent} % nothing ever burns at ${local.burns[burn].rate} times the rate: at least ${ceil(1000 * (100 - 100 / local.burns[burn].rate)) / 1000} %" if one.percent > 0 && one.percent < 100 && (100 - one.percent) * local.burns[burn].rate >= 100]
    )]]),
    [for name, burn in local.burns : "${name}: an alert looks back ${join(", ", sort(keys(local.spans)))} minutes, not ${burn.longMinutes}" if !contains(keys(local.spans), tostring(burn.longMinutes))],
    [for name, burn in local.burns : "${name}: an alert is asked every ${join(", ", sort(keys(local.spans)))} minutes, not ${burn.everyMinutes}" if !contains(keys(local.spans), tostring(burn.everyMinutes))],
    [for name, burn in local.burns : "${name}: the short window is shorter than the long one" if burn.shortMinutes >= burn.longMinutes],
    var.objectives.days <= var.retention_days ? [] : ["objectives are of ${var.objectives.days} days, and telemetry is kept for ${var.retention_days}"],
    flatten([for follows in var.objectives.follows : [
      for of in [follows, follows.after] : "follows: no function of ${of.app} is called ${of.function}" if !contains(try(local.functions_of[of.app], []), of.function)
    ]])
  )
}
