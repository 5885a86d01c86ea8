# What is promised, for each API and each pipeline: terraform/objectives.json (docs/decisions/0050). Everything about an objective
# is made from its entry there: alerts (burning.tf, silence.tf), and its row of the dashboard.

locals {
  said = { for app in keys(var.apps) : app => [for objective in try(var.objectives.apps[app], []) : objective] }

  # Operations that clients call: what probes ask for, and the pages about the contract, are no work of theirs.
  aside         = ["health", "docs", "openapi"]
  with_clients  = toset([for operation in var.operations : operation.app if operation.api != null && !contains(local.aside, coalesce(operation.function, "-"))])
  operations_of = { for app in keys(var.apps) : app => { for operation in var.operations : trimprefix(operation.id, "${app}-") => operation if operation.app == app } }

  # An app has what everyApp says as well, unless it says the same otherwise.
  entries = flatten([for app, own in local.said : concat(
    [for entry in own : { key = "${app}-${entry.name}", app = app, entry = entry }],
    [for entry in var.objectives.everyApp : { key = "${app}-${entry.name}", app = app, entry = entry } if contains(local.with_clients, app) && !contains([for one in own : one.name], entry.name)]
  )])

  objectives = {
    for each in local.entries : each.key => {
      app      = each.app
      name     = each.entry.name
      promise  = each.entry.promise
      source   = each.entry.source
      percent  = each.entry.percent
      kind     = can(each.entry.requests) ? try(each.entry.requests.of, "?") : can(each.entry.runs) ? "runs" : "metric"
      within   = try(each.entry.withinMs, null)
      late     = try(each.entry.failedIsLate, false)
      limit    = try(each.entry.atMost, null)
      tells    = try(each.entry.tells, "duty")
      at_least = try(each.entry.atLeast, 5)
      only     = [for name in try(each.entry.requests.only, each.entry.runs, []) : name]
      except   = [for name in try(each.entry.requests.except, []) : name]
      metric   = try(each.entry.metric.name, null)
      field    = try(each.entry.metric.field, "value")
      where    = { for field, values in try(each.entry.metric.where, {}) : field => [for value in values : value] }
      said_by  = try(each.entry.metric.saidBy, each.app)
      after    = [for function in try(each.entry.metric.after, []) : function]
      runbook  = try(each.entry.runbook, can(each.entry.metric) || can(each.entry.runs) ? "docs/runbooks/pipeline-late.md" : can(each.entry.withinMs) ? "docs/runbooks/slow-answers.md" : "docs/runbooks/slo-burn.md")
      made     = try(each.entry.needs, "nothing") != "capture" || var.event_capture
    }...
  }

  # One of each name, and only where it can be measured.
  measured = { for key, all in local.objectives : key => all[0] if all[0].made }
}

# Each objective as rows: TimeGenerated, Weight (how many things a row stands for) and Bad (whether it breaks the promise).
locals {
  # Telemetry of hosts may be sampled, and a row then stands for ItemCount. The gateway's log is whole (sampling_percentage in
  # modules/api_management) and has no such column.
  gateway_rows = "ApiManagementGatewayLogs | where TimeGenerated > ago(<since>) and isnotempty(OperationId) | extend App = ${local.app_of_operation}, Failed = ResponseCode >= 500, Milliseconds = TotalTime, Weight = 1"

  # Some requests end without any status: then the host's own word counts.
  host_rows = "AppRequests | where TimeGenerated > ago(<since>) | extend App = ${local.app_of_role}, Code = coalesce(toint(ResultCode), 0), Milliseconds = DurationMs, Weight = ItemCount | extend Failed = Code >= 500 or (Code < 100 and Success == false)"

  run_rows = "AppRequests | where TimeGenerated > ago(<since>) | extend App = ${local.app_of_role}, Failed = Success == false, Milliseconds = DurationMs, Weight = ItemCount"

  # What a handler says on its standard output is the text of a trace. Whatever is no JSON has no fields.
  said_rows = "AppTraces | where TimeGenerated > ago(<since>)"

  listed = { for key, one in local.measured : key => { for which in ["only", "except"] : which => join(", ", [for name in one[which] : "'${name}'"]) } }

  # Of clients' operations the gateway knows the ids, the hosts the functions that serve them.
  ids = {
    for key, one in local.measured : key => {
      only   = var.gateway_logs ? [for name in one.only : "${one.app}-${name}"] : distinct([for name in one.only : try(local.operations_of[one.app][name].function, name)])
      except = var.gateway_logs ? concat([for name, operation in local.operations_of[one.app] : operation.id if operation.function == "health"], [for name in one.except : "${one.app}-${name}"]) : distinct(concat(["health"], [for name in one.except : try(local.operations_of[one.app][name].function, name)]))
    } if one.kind == "clients"
  }

  of_clients = {
    for key, ids in local.ids : key => join(" ", compact([
      var.gateway_logs ? local.gateway_rows : "${local.host_rows} | where isnotempty(Url)",
      "| where App == '${local.measured[key].app}'",
      length(ids.only) > 0 ? "and ${local.asked_for} in (${join(", ", [for id in ids.only : "'${id}'"])})" : length(ids.except) > 0 ? "and ${local.asked_for} !in (${join(", ", [for id in ids.except : "'${id}'"])})" : ""
    ]))
  }
  asked_for = var.gateway_logs ? "OperationId" : "OperationName"

  of_functions = {
    for key, one in local.measured : key => "${one.kind == "runs" ? local.run_rows : local.host_rows} | where App == '${one.app}' and OperationName in (${local.listed[key].only})"
    if contains(["functions", "runs"], one.kind)
  }

  lines = {
    for key, one in local.measured : key => join(" ", concat(
      ["${local.said_rows} and Message has '${one.metric}' | extend App = ${local.app_of_role}, Said = parse_json(Message) | extend Value = todouble(Said['${one.field}'])"],
      ["| where App == '${one.said_by}' and tostring(Said['metric']) == '${one.metric}' and isnotnull(Value)"],
      [for field, values in one.where : "and tostring(Said['${field}']) in (${join(", ", [for value in values : "'${value}'"])})"]
    )) if one.kind == "metric"
  }

  # How fast those answers are that are answers, unless a failure is as bad as a late one.
  judged = {
    for key, one in local.measured : key => (
      one.kind == "metric" ? "| extend Weight = ItemCount, Bad = Value > ${coalesce(one.limit, 0)}" :
      one.within == null ? "| extend Bad = Failed" :
      one.late ? "| extend Bad = Failed or Milliseconds > ${one.within}" :
      "| where not(Failed) | extend Bad = Milliseconds > ${one.within}"
    )
  }

  indicators = { for key, one in local.measured : key => "${merge(local.of_clients, local.of_functions, local.lines)[key]} ${local.judged[key]}" }
}
