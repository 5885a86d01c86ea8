# Where telemetry goes, and who is woken by it. The workspace is away from the first region, if there is another:
# what tells us that a region is lost must not be lost with it.

resource "azurerm_log_analytics_workspace" "this" {
  name                         = "log-${var.prefix}"
  resource_group_name          = var.resource_group_name
  location                     = var.location
  sku                          = "PerGB2018"
  retention_in_days            = var.retention_days
  daily_quota_gb               = var.daily_quota_gb
  local_authentication_enabled = false
  tags                         = var.tags
}

resource "azurerm_application_insights" "this" {
  name                         = "appi-${var.prefix}"
  resource_group_name          = var.resource_group_name
  location                     = var.location
  application_type             = "web"
  workspace_id                 = azurerm_log_analytics_workspace.this.id
  ip_masking_enabled           = true
  local_authentication_enabled = false
  tags                         = var.tags
}

resource "azurerm_monitor_action_group" "this" {
  for_each = var.notify

  name                = "ag-${var.prefix}-${each.key}"
  short_name          = substr("iommi-${each.key}", 0, 12)
  resource_group_name = var.resource_group_name
  location            = "global"
  tags                = var.tags

  dynamic "email_receiver" {
    for_each = toset(each.value.emails)

    content {
      name                    = email_receiver.value
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }

  dynamic "webhook_receiver" {
    for_each = toset(each.value.webhooks)

    content {
      name                    = "webhook-${substr(sha1(webhook_receiver.value), 0, 5)}"
      service_uri             = webhook_receiver.value
      use_common_alert_schema = true
    }
  }
}

# A team's channel: whoever builds an app hears how it runs.
resource "azurerm_monitor_action_group" "team" {
  for_each = var.channels

  name                = "ag-${var.prefix}-team-${each.key}"
  short_name          = substr("iommi-${each.key}", 0, 12)
  resource_group_name = var.resource_group_name
  location            = "global"
  tags                = merge(var.tags, { team = each.key })

  email_receiver {
    name                    = "channel"
    email_address           = each.value
    use_common_alert_schema = true
  }
}

resource "azurerm_consumption_budget_subscription" "this" {
  name            = "iommi-${var.environment}"
  subscription_id = "/subscriptions/${var.subscription_id}"
  amount          = var.budget_per_month
  time_grain      = "Monthly"

  # The subscription may be shared: only what this environment is tagged with.
  filter {
    tag {
      name   = "environment"
      values = [var.environment]
    }
  }

  time_period {
    # Azure refuses a month that is over.
    start_date = formatdate("YYYY-MM-01'T'00:00:00Z", plantimestamp())
  }

  dynamic "notification" {
    for_each = [["Actual", 50], ["Actual", 90], ["Actual", 100], ["Forecasted", 110]]

    content {
      operator       = "GreaterThan"
      threshold_type = notification.value[0]
      threshold      = notification.value[1]
      contact_groups = [azurerm_monitor_action_group.this["office"].id]
    }
  }

  lifecycle {
    # The month in which it was made stays.
    ignore_changes = [time_period]
  }
}
