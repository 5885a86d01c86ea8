output "workspace_id" {
  value = azurerm_log_analytics_workspace.this.id
}

output "insights" {
  # An address and no secret: the resource takes tokens only.
  value = { id = azurerm_application_insights.this.id, connection_string = nonsensitive(azurerm_application_insights.this.connection_string) }
}

output "runbooks" {
  description = "The pages in this repository that alerts lead to."
  value       = toset(concat([for alert in local.log_alerts : alert.runbook], [for alert in local.metric_alerts : alert.runbook]))
}

output "objectives" {
  description = "What is promised: the text, the percentage, and the query by which a row is good or bad."
  value = {
    for key, one in local.measured : key => {
      app = one.app, promise = one.promise, source = one.source, percent = one.percent, indicator = local.indicators[key]
    }
  }

  precondition {
    condition     = length(local.objectionable) == 0
    error_message = "terraform/objectives.json: ${join("; ", local.objectionable)}."
  }
}

output "dashboard" {
  description = "The queries of the dashboard, by the titles of its parts."
  value       = { for part in flatten([for row in local.rows : row.parts]) : part.title => replace(part.query, "<since>", part.since) }
}
