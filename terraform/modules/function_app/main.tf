# One app in one region: a Flex Consumption plan (it holds exactly one app), the app, and the account where its host
# keeps packages and locks. Scales to zero; nothing is always ready.

module "host_storage" {
  source = "../storage"

  name                  = var.storage_name
  resource_group_name   = var.resource_group_name
  location              = var.location
  tags                  = var.tags
  replication           = var.zone_redundant ? "ZRS" : "LRS"
  containers            = ["packages"]
  versioning            = false
  keep_deleted_days     = 7
  public_network_access = var.network == null
  workspace_id          = var.workspace_id
}

# The host reads its package, and keeps keys and locks in containers that it makes itself: owner of this account,
# which nobody else uses.
resource "azurerm_role_assignment" "host" {
  scope                = module.host_storage.id
  role_definition_name = "Storage Blob Data Owner"
  principal_id         = var.identity.principal_id
  principal_type       = "ServicePrincipal"
  description          = "packages, keys and locks of the Functions host"
}

resource "azurerm_service_plan" "this" {
  #checkov:skip=CKV_AZURE_212: instances come and go with the load; a minimum would be paid for around the clock
  name                   = "asp-${var.prefix}-${var.app.name}"
  resource_group_name    = var.resource_group_name
  location               = var.location
  os_type                = "Linux"
  sku_name               = "FC1"
  zone_balancing_enabled = var.zone_redundant
  tags                   = var.tags
}

resource "azurerm_function_app_flex_consumption" "this" {
  name                                           = var.name
  resource_group_name                            = var.resource_group_name
  location                                       = var.location
  service_plan_id                                = azurerm_service_plan.this.id
  tags                                           = merge(var.tags, { app = var.app.name })
  https_only                                     = true
  webdeploy_publish_basic_authentication_enabled = false
  virtual_network_subnet_id                      = try(var.network.subnet_id, null)

  runtime_name           = "custom"
  runtime_version        = "1.0"
  instance_memory_in_mb  = var.app.memory_mb
  maximum_instance_count = min(var.app.instances, var.maximum_instances)

  storage_container_type            = "blobContainer"
  storage_container_endpoint        = "${module.host_storage.blob_endpoint}packages"
  storage_authentication_type       = "UserAssignedIdentity"
  storage_user_assigned_identity_id = var.identity.id

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }

  app_settings = merge(local.host_settings, var.app.host, var.settings)

  # Everybody signs in before a byte reaches the handler: people by redirect, API Management and other apps with the
  # token of their identity. Who gets a token at all is decided in modules/sign_in.
  auth_settings_v2 {
    auth_enabled             = true
    require_authentication   = true
    require_https            = true
    unauthenticated_action   = length(var.app.people) == 0 ? "Return401" : "RedirectToLoginPage"
    default_provider         = "azureactivedirectory"
    forward_proxy_convention = var.front_door == null ? "NoProxy" : "Standard"
    excluded_paths = concat(
      var.app.health == null ? [] : ["/${var.app.health}*"],
      # The host asks for a key of the app there: for tools that have no person at hand.
      flatten([for path in var.app.keyed : ["/${path}", "/${path}/*"]]),
      # Event Grid cannot sign in; the host checks its own key there.
      length(var.app.subscriptions) > 0 ? ["/runtime/webhooks/*"] : []
    )

    active_directory_v2 {
      client_id            = var.sign_in.client_id
      tenant_auth_endpoint = "https://login.microsoftonline.com/${var.sign_in.tenant_id}/v2.0"
      allowed_audiences    = [var.sign_in.client_id, var.sign_in.identifier_uri]
      # Not a secret: the name under which the platform signs with the app's own identity instead of one.
      client_secret_setting_name = length(var.app.people) == 0 ? null : "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
    }

    login {
      token_store_enabled          = false
      cookie_expiration_time       = "08:00:00"
      nonce_expiration_time        = "00:05:00"
      validate_nonce               = true
      logout_endpoint              = "/.auth/logout"
      token_refresh_extension_time = 0
    }
  }

  site_config {
    minimum_tls_version                    = "1.2"
    scm_minimum_tls_version                = "1.2"
    http2_enabled                          = true
    application_insights_connection_string = var.insights_connection_string
    vnet_route_all_enabled                 = var.network != null
    # API Management comes by the private endpoint, which these rules do not concern.
    ip_restriction_default_action     = var.network == null ? "Allow" : "Deny"
    scm_ip_restriction_default_action = length(var.deploy_from) == 0 ? "Allow" : "Deny"

    dynamic "ip_restriction" {
      for_each = var.network != null && length(var.app.subscriptions) > 0 ? [1] : []

      content {
        name        = "event-grid"
        description = "Event Grid delivers to public addresses only"
        priority    = 100
        action      = "Allow"
        service_tag = "AzureEventGrid"
      }
    }

    dynamic "ip_restriction" {
      for_each = var.network != null && length(var.app.people) > 0 && var.front_door != null ? [1] : []

      content {
        name        = "front-door"
        description = "our people's pages come by our own Front Door"
        priority    = 110
        action      = "Allow"
        service_tag = "AzureFrontDoor.Backend"

        headers = [{
          x_azure_fdid      = [var.front_door.guid]
          x_fd_health_probe = []
          x_forwarded_for   = []
          x_forwarded_host  = []
        }]
      }
    }

    dynamic "scm_ip_restriction" {
      for_each = var.deploy_from

      content {
        name       = "deploy-${scm_ip_restriction.key}"
        priority   = 100 + scm_ip_restriction.key
        action     = "Allow"
        ip_address = scm_ip_restriction.value
      }
    }
  }

  depends_on = [azurerm_role_assignment.host]
}

# References to Key Vault are read with the app's own identity. The provider has no argument for it, and an update of
# the app forgets it: so it is said again after each.
resource "azapi_update_resource" "key_vault_identity" {
  type        = "Microsoft.Web/sites@2024-04-01"
  resource_id = azurerm_function_app_flex_consumption.this.id

  body = {
    properties = {
      keyVaultReferenceIdentity = var.identity.id
    }
  }

  lifecycle {
    replace_triggered_by = [azurerm_function_app_flex_consumption.this]
  }
}

# Not AppServiceHTTPLogs: it writes query strings, and GET /v1/profiles?email= carries an address.
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_function_app_flex_consumption.this.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "FunctionAppLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

locals {
  host_settings = merge({
    AzureWebJobsStorage__accountName          = module.host_storage.name
    AzureWebJobsStorage__credential           = "managedidentity"
    AzureWebJobsStorage__clientId             = var.identity.client_id
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING = "Authorization=AAD;ClientId=${var.identity.client_id}"
    AZURE_CLIENT_ID                           = var.identity.client_id
    },
    length(var.app.people) == 0 ? {} : {
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID = var.identity.client_id
    },
    # Bindings find their service by <connection>__<key>, and their identity the same way.
    merge([for connection in var.app.connections : {
      "${connection}__credential" = "managedidentity"
      "${connection}__clientId"   = var.identity.client_id
    }]...)
  )
}
