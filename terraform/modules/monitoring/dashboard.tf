# One page: a row for each app, then a row for each operation of its contract, all made from the contracts.

locals {
  rows = concat(
    [for name in sort(keys(var.apps)) : {
      title = name
      parts = [
        { title = "${name}: requests by answer", query = "${local.requests} | where App == '${name}' | summarize Requests = count() by Answer = iff(Failed, 'failed', 'answered'), bin(TimeGenerated, 5m)" },
        { title = "${name}: 95th percentile, ms", query = "${local.requests} | where App == '${name}' | summarize P95 = percentile(Milliseconds, 95) by bin(TimeGenerated, 5m)" },
        { title = "${name}: failures of background functions", query = "${local.failed} | where App == '${name}' and isempty(Url) | summarize Failures = count() by OperationName, bin(TimeGenerated, 5m)" }
      ]
    }],
    [for operation in var.operations : {
      title = operation.id
      parts = [
        { title = "${upper(operation.method)} ${operation.path}: ${operation.summary}", query = "${local.requests} | where OperationId == '${operation.id}' | summarize Requests = count() by Answer = iff(Failed, 'failed', 'answered'), bin(TimeGenerated, 5m)" },
        { title = "${operation.id}: 95th percentile, ms", query = "${local.requests} | where OperationId == '${operation.id}' | summarize P95 = percentile(Milliseconds, 95) by bin(TimeGenerated, 5m)" }
      ]
    }]
  )

  parts = flatten([for row_index, row in local.rows : [
    for part_index, part in row.parts : {
      position = { x = part_index * 6, y = row_index * 4, colSpan = 6, rowSpan = 4 }
      metadata = {
        type = "Extension/Microsoft_OperationsManagementSuite_Workspace/PartType/LogsDashboardPart"
        inputs = [
          { name = "Scope", value = { resourceIds = [azurerm_log_analytics_workspace.this.id] } },
          { name = "Version", value = "2.0" },
          { name = "TimeRange", value = "P1D" },
          { name = "PartId", value = uuidv5("url", "https://${var.prefix}/dashboard/${row.title}/${part_index}") },
          { name = "Query", value = "${part.query} | render timechart" },
          { name = "PartTitle", value = part.title },
          { name = "ControlType", value = "FrameControlChart" },
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
