# The public door of one region. What it serves comes from the apps' OpenAPI documents: an API for each version, and for
# each app whose paths begin with its name, each operation sent on to the app that serves it.

locals {
  consumption = startswith(var.sku, "Consumption")

  # v1, or credit/v1: what stands before the version is the path of the API.
  apis = {
    for api in keys(var.documents) : api => {
      name    = replace(api, "/", "-")
      path    = trimsuffix(trimsuffix(api, basename(api)), "/")
      version = basename(api)
      apps    = distinct([for operation in var.operations : operation.app if operation.api == api])
    }
  }

  # Policies are XML and C#; lists become new [] {"a","b"} in attributes with single quotes.
  open = jsonencode([for operation in var.operations : operation.id if operation.open])

  policies = {
    for api, about in local.apis : api => templatefile("${path.module}/api_policy.xml.tftpl", {
      open      = trim(local.open, "[]")
      customers = var.customers
      signed    = trim(jsonencode([for operation in var.operations : operation.id if operation.signed && operation.api == api]), "[]")
      limits = merge(var.signed, {
        # Front Door says whose connection it was; without one it is the gateway's own.
        address = var.front_door == null ? "context.Request.IpAddress" : "context.Request.Headers.GetValueOrDefault(\"X-Azure-SocketIP\", \"\")"
        # The Consumption tier counts by subscription only, and whoever signs has none.
        counted = !local.consumption
      })
      # Without it Azure takes the gateway's system-assigned identity, which it does not have.
      identity = var.identity
      backends = {
        for app in about.apps : app => {
          id         = "${app}-${about.name}"
          audience   = var.backends[app].audience
          operations = trim(jsonencode([for operation in var.operations : operation.id if operation.app == app]), "[]")
        }
      }
      retiring = [for operation in var.operations : operation if operation.deprecated != null && operation.api == api]
    })
  }
}

resource "azurerm_api_management" "this" {
  #checkov:skip=CKV_AZURE_174: it is the public door; where there is a Front Door, requests that did not come by it are refused
  name                = "apim-${var.prefix}-${var.unique}"
  resource_group_name = var.resource_group_name
  location            = var.location
  publisher_name      = var.publisher.name
  publisher_email     = var.publisher.email
  sku_name            = var.sku
  min_api_version     = "2021-08-01"
  tags                = var.tags

  virtual_network_type = var.network == null ? "None" : "External"

  dynamic "virtual_network_configuration" {
    for_each = var.network == null ? [] : [var.network]

    content {
      subnet_id = virtual_network_configuration.value.subnet_id
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }
}

resource "azurerm_api_management_policy" "this" {
  api_management_id = azurerm_api_management.this.id
  xml_content       = templatefile("${path.module}/service_policy.xml.tftpl", { front_door = var.front_door })
}

resource "azurerm_api_management_api_version_set" "public" {
  for_each = toset([for api in local.apis : api.path])

  name                = join("-", compact(["public", each.key]))
  display_name        = join(" ", compact(["Iommi Customer Platform", each.key]))
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
  versioning_scheme   = "Segment"
}

resource "azurerm_api_management_api" "public" {
  for_each = local.apis

  name                = "public-${each.value.name}"
  display_name        = "Iommi Customer Platform ${each.key}"
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
  revision            = "1"
  version             = each.value.version
  version_set_id      = azurerm_api_management_api_version_set.public[each.value.path].id
  path                = each.value.path
  protocols           = ["https"]
  # Health and contract are open; for all others the policy asks for the key of a product.
  subscription_required = false

  subscription_key_parameter_names {
    header = "Iommi-Subscription-Key"
    # A key in a URL ends up in other people's logs; this name is one that nobody guesses to use.
    query = "subscription-key-belongs-in-the-header"
  }

  import {
    content_format = "openapi+json"
    content_value  = var.documents[each.key]
  }
}

resource "azurerm_api_management_api_policy" "public" {
  for_each = var.documents

  api_name            = azurerm_api_management_api.public[each.key].name
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
  xml_content         = local.policies[each.key]

  depends_on = [azurerm_api_management_backend.app]
}

resource "azurerm_api_management_backend" "app" {
  #checkov:skip=CKV_AZURE_215: it is https; the check cannot follow the address through two modules
  for_each = merge([for api, about in local.apis : { for app in about.apps : "${app}-${about.name}" => { app = app, api = api, url = var.backends[app].url } }]...)

  name                = each.key
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
  protocol            = "http"
  # The gateway takes the API's path and version off, and the apps' routes begin with them.
  url         = "${each.value.url}/${each.value.api}"
  description = "the function app ${each.value.app} of this region"

  tls {
    validate_certificate_chain = true
    validate_certificate_name  = true
  }

  # An app that only fails is left alone for a moment, and its clients hear so at once.
  dynamic "circuit_breaker_rule" {
    for_each = local.consumption ? [] : [1]

    content {
      name                       = "failing"
      trip_duration              = "PT15S"
      accept_retry_after_enabled = true

      failure_condition {
        interval_duration = "PT30S"
        percentage        = 50

        status_code_range {
          min = 500
          max = 502
        }
      }
    }
  }
}

resource "azurerm_api_management_product" "this" {
  for_each = var.products

  product_id            = each.key
  display_name          = each.value.name
  description           = each.value.description
  resource_group_name   = var.resource_group_name
  api_management_name   = azurerm_api_management.this.name
  subscription_required = true
  approval_required     = each.value.approval
  # One that anybody may have is one for each developer; azurerm refuses approval without a limit.
  subscriptions_limit = each.value.approval ? 10 : 1
  published           = true
}

resource "azurerm_api_management_product_api" "this" {
  for_each = { for pair in setproduct(keys(var.products), keys(var.documents)) : join("/", pair) => pair }

  product_id          = azurerm_api_management_product.this[each.value[0]].product_id
  api_name            = azurerm_api_management_api.public[each.value[1]].name
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
}

resource "azurerm_api_management_product_policy" "this" {
  for_each = var.products

  product_id          = azurerm_api_management_product.this[each.key].product_id
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
  xml_content         = templatefile("${path.module}/product_policy.xml.tftpl", each.value)
}

resource "azurerm_api_management_logger" "insights" {
  name                = "insights"
  resource_group_name = var.resource_group_name
  api_management_name = azurerm_api_management.this.name
  resource_id         = var.insights.id

  application_insights {
    connection_string  = var.insights.connection_string
    identity_client_id = var.identity.client_id
  }
}

# Both logs: telemetry and the gateway's own. Query strings stay out of both, since GET /v1/profiles?email= carries an
# address; so do the caller's address and every body.
resource "azurerm_api_management_diagnostic" "this" {
  for_each = toset(local.consumption ? ["applicationinsights"] : ["applicationinsights", "azuremonitor"])

  identifier                = each.key
  resource_group_name       = var.resource_group_name
  api_management_name       = azurerm_api_management.this.name
  api_management_logger_id  = each.key == "applicationinsights" ? azurerm_api_management_logger.insights.id : "${azurerm_api_management.this.id}/loggers/azuremonitor"
  sampling_percentage       = each.key == "applicationinsights" ? 10 : 100
  always_log_errors         = true
  log_client_ip             = false
  http_correlation_protocol = each.key == "applicationinsights" ? "W3C" : null
  verbosity                 = "information"
  operation_name_format     = each.key == "applicationinsights" ? "Name" : null

  frontend_request {
    body_bytes     = 0
    headers_to_log = ["traceparent"]

    data_masking {
      dynamic "query_params" {
        for_each = setunion(var.query_parameters, ["*"])

        content {
          mode  = "Hide"
          value = query_params.value
        }
      }
    }
  }

  backend_request {
    body_bytes     = 0
    headers_to_log = ["traceparent"]

    data_masking {
      dynamic "query_params" {
        for_each = setunion(var.query_parameters, ["*"])

        content {
          mode  = "Hide"
          value = query_params.value
        }
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  count = local.consumption ? 0 : 1

  name                           = "to-workspace"
  target_resource_id             = azurerm_api_management.this.id
  log_analytics_workspace_id     = var.workspace_id
  log_analytics_destination_type = "Dedicated"

  enabled_log {
    category = "GatewayLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
