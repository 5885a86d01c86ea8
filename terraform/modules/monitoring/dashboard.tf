# One page, all made from files: a row for each objective, then one for each app, then one for each operation of its contract.

locals {
  # Requests by operation: as the gateway calls it, or where it writes no log as the host does, by function.
  requests   = var.gateway_logs ? local.gateway_rows : "${local.host_rows} | where isnotempty(Url)"
  background = "AppRequests | where TimeGenerated > ago(<since>) and Success == false and isempty(Url) | extend App = ${local.app_of_role}"

  days = "${var.objectives.days}d"

  objective_rows = [for key in sort(keys(local.measured)) : {
    title = key
    parts = [
      {
        title = "${key}: ${local.measured[key].promise}"
        since = local.days
        show  = "grid"
        query = join(" ", [
          local.indicators[key],
          "| summarize Of = sum(Weight), Broken = sumif(Weight, Bad)",
          "| project Promised = ${local.measured[key].percent}, Kept = round(100.0 - 100.0 * Broken / Of, 3), BudgetLeft = round(100.0 - 100.0 * Broken / (Of * ${local.budgets[key]}), 1), Of, Broken"
        ])
      },
      {
        title = "${key}: budget left, %, day by day"
        since = local.days
        show  = "line"
        query = join(" ", [
          local.indicators[key],
          "| summarize Of = sum(Weight), Broken = sumif(Weight, Bad) by Day = bin(TimeGenerated, 1d) | order by Day asc",
          "| project Day, BudgetLeft = 100.0 - 100.0 * row_cumsum(Broken) / (row_cumsum(Of) * ${local.budgets[key]})"
        ])
      },
      {
        title = "${key}: burn rate by the hour; 1 uses the budget up in ${var.objectives.days} days"
        since = "7d"
        show  = "line"
        query = join(" ", [
          local.indicators[key],
          "| summarize Of = sum(Weight), Broken = sumif(Weight, Bad) by bin(TimeGenerated, 1h)",
          "| project TimeGenerated, Burn = 1.0 * Broken / (Of * ${local.budgets[key]})"
        ])
      }
    ]
  }]

  budgets = { for key, one in local.measured : key => format("%.8g", (100 - one.percent) / 100) }

  rows = concat(
    local.objective_rows,
    [for name in sort(keys(var.apps)) : {
      title = name
      parts = [for part in [
        { title = "${name}: requests by answer", query = "${local.requests} | where App == '${name}' | summarize Requests = sum(Weight) by Answer = iff(Failed, 'failed', 'answered'), bin(TimeGenerated, 5m)" },
        { title = "${name}: 95th percentile, ms", query = "${local.requests} | where App == '${name}' | summarize P95 = percentilew(Milliseconds, Weight, 95) by bin(TimeGenerated, 5m)" },
        { title = "${name}: failures of background functions", query = "${local.background} | where App == '${name}' | summarize Failures = sum(ItemCount) by OperationName, bin(TimeGenerated, 5m)" }
      ] : merge(part, { since = "1d", show = "line" })]
    }],
    [for operation in var.operations : {
      title = operation.id
      parts = [for part in [
        { title = "${upper(operation.method)} ${operation.path}: ${operation.summary}", query = "${local.requests} | ${local.of_operation[operation.id]} | summarize Requests = sum(Weight) by Answer = iff(Failed, 'failed', 'answered'), bin(TimeGenerated, 5m)" },
        { title = "${operation.id}: 95th percentile, ms", query = "${local.requests} | ${local.of_operation[operation.id]} | summarize P95 = percentilew(Milliseconds, Weight, 95) by bin(TimeGenerated, 5m)" }
      ] : merge(part, { since = "1d", show = "line" })]
    }]
  )

  of_operation = {
    for operation in var.operations : operation.id => var.gateway_logs ? "where OperationId == '${operation.id}'" : "where App == '${operation.app}' and OperationName == '${coalesce(operation.function, operation.id)}'"
  }

  parts = flatten([for row_index, row in local.rows : [
    for part_index, part in row.parts : {
      position = { x = part_index * 6, y = row_index * 4, colSpan = 6, rowSpan = 4 }
      metadata = {
        type = "Extension/Microsoft_OperationsManagementSuite_Workspace/PartType/LogsDashboardPart"
        inputs = [
          { name = "Scope", value = { resourceIds = [azurerm_log_analytics_workspace.this.id] } },
          { name = "Version", value = "2.0" },
          { name = "TimeRange", value = "P${upper(part.since)}" },
          { name = "PartId", value = uuidv5("url", "https://${var.prefix}/dashboard/${row.title}/${part_index}") },
          { name = "Query", value = "${replace(part.query, "<since>", part.since)}${part.show == "line" ? " | render timechart" : ""}" },
          { name = "PartTitle", value = part.title },
          { name = "ControlType", value = part.show == "line" ? "FrameControlChart" : "AnalyticsGrid" },
          { name = "SpecificChart", value = "Line" }
        ]
        settings = {}
      }
    }
  ]])
}

resource "azurerm_portal_dashboard" "this" {
  name                = "dash-${var.prefix}"
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = merge(var.tags, { "hidden-title" = "Iommi ${var.environment}" })

  dashboard_properties = jsonencode({
    lenses = {
      "0" = {
        order = 0
        parts = { for index, part in local.parts : tostring(index) => part }
      }
    }
    metadata = { model = {} }
  })
}
