# What Azure counts of its own services: databases, storage, hubs, the front door.

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
