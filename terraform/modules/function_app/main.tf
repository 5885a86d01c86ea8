# One app in one region: a Flex Consumption plan (it holds exactly one app) and the app. HTTP scales to zero, and every other
# function by itself, unless app.json wants it always ready and the environment pays for that. One with a timer each minute
# keeps an instance of its own practically always.

# The host reads its package, and keeps keys and locks in containers that it makes itself: owner of this account,
# which nobody else uses.
resource "azurerm_role_assignment" "host" {
  scope                = var.host_storage.id
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

# azurerm's own resource would add an AzureWebJobsStorage with an empty key to what it sends, whatever the settings say, and
# has no argument for the identity that reads Key Vault. So the site is made as Azure's API has it: what stands here is
# sent, all of it at once, and nothing else.
resource "azapi_resource" "site" {
  type      = "Microsoft.Web/sites@2024-04-01"
  name      = var.name
  parent_id = var.resource_group_id
  location  = var.location
  tags      = merge(var.tags, { app = var.app.name })

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }

  body = {
    kind = "functionapp,linux"
    properties = merge(
      {
        serverFarmId              = azurerm_service_plan.this.id
        httpsOnly                 = true
        keyVaultReferenceIdentity = var.identity.id

        functionAppConfig = {
          runtime = { name = "custom", version = "1.0" }
          deployment = {
            storage = {
              type  = "blobContainer"
              value = "${var.host_storage.blob_endpoint}packages"
              authentication = {
                type                           = "UserAssignedIdentity"
                userAssignedIdentityResourceId = var.identity.id
              }
            }
          }
          scaleAndConcurrency = merge(
            {
              instanceMemoryMB     = var.app.memory_mb
              maximumInstanceCount = min(var.app.instances, var.maximum_instances)
              # Said, because the platform would choose by memory: a few, and an instance more for each few.
              triggers = { http = { perInstanceConcurrency = var.app.http_concurrency } }
            },
            length(local.always_ready) == 0 ? {} : { alwaysReady = local.always_ready }
          )
        }

        siteConfig = merge(
          {
            appSettings      = [for name in sort(keys(local.settings)) : { name = name, value = local.settings[name] }]
            minTlsVersion    = "1.2"
            scmMinTlsVersion = "1.2"
            http20Enabled    = true
            # API Management comes by the private endpoint, which the rules do not concern.
            ipSecurityRestrictionsDefaultAction    = var.network == null ? "Allow" : "Deny"
            scmIpSecurityRestrictionsDefaultAction = length(var.deploy_from) == 0 ? "Allow" : "Deny"
          },
          { for list, rules in local.restrictions : list => rules if length(rules) > 0 }
        )
      },
      var.network == null ? {} : { virtualNetworkSubnetId = var.network.subnet_id }
    )
  }

  # Azure answers some ids in other letters, and settings not at all: neither is a difference.
  ignore_casing           = true
  ignore_missing_property = true
  response_export_values  = []

  depends_on = [azurerm_role_assignment.host]

  lifecycle {
    precondition {
      condition     = !contains(keys(local.settings), "AzureWebJobsStorage")
      error_message = "AzureWebJobsStorage would win over AzureWebJobsStorage__accountName: the host reaches its storage by identity only."
    }
  }
}

# Everybody signs in before a byte reaches the handler: people by redirect, API Management and other apps with the token
# of their identity. Who gets a token at all is decided in modules/sign_in. Every site has these settings: they are changed.
resource "azapi_update_resource" "sign_in" {
  type      = "Microsoft.Web/sites/config@2024-04-01"
  name      = "authsettingsV2"
  parent_id = azapi_resource.site.id

  body = {
    properties = {
      platform = { enabled = true, runtimeVersion = "~1" }

      globalValidation = {
        requireAuthentication       = true
        unauthenticatedClientAction = length(var.app.people) == 0 ? "Return401" : "RedirectToLoginPage"
        redirectToProvider          = "azureactivedirectory"
        excludedPaths = concat(
          var.app.health == null ? [] : ["/${var.app.health}*"],
          # The host asks for a key of the app there: for tools that have no person at hand.
          flatten([for path in var.app.keyed : ["/${path}", "/${path}/*"]]),
          # Event Grid cannot sign in; the host checks its own key there.
          length(var.app.subscriptions) > 0 ? ["/runtime/webhooks/*"] : []
        )
      }

      httpSettings = {
        requireHttps = true
        forwardProxy = { convention = var.front_door == null ? "NoProxy" : "Standard" }
      }

      identityProviders = {
        azureActiveDirectory = {
          enabled = true
          registration = merge(
            {
              clientId     = var.sign_in.client_id
              openIdIssuer = "https://login.microsoftonline.com/${var.sign_in.tenant_id}/v2.0"
            },
            # Not a secret: the name under which the platform signs with the app's own identity instead of one.
            length(var.app.people) == 0 ? {} : { clientSecretSettingName = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID" }
          )
          validation = {
            allowedAudiences = [var.sign_in.client_id, var.sign_in.identifier_uri]
          }
        }
      }

      login = {
        routes           = { logoutEndpoint = "/.auth/logout" }
        tokenStore       = { enabled = false }
        cookieExpiration = { convention = "FixedTime", timeToExpiration = "08:00:00" }
        nonce            = { validateNonce = true, nonceExpirationInterval = "00:05:00" }
      }
    }
  }
}

# Packages are brought by Entra identities only.
resource "azapi_update_resource" "no_publishing_password" {
  for_each = toset(["ftp", "scm"])

  type      = "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01"
  name      = each.key
  parent_id = azapi_resource.site.id

  body = {
    properties = {
      allow = false
    }
  }
}

# Not AppServiceHTTPLogs: it writes query strings, and GET /v1/profiles?email= carries an address.
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "to-workspace"
  target_resource_id         = azapi_resource.site.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "FunctionAppLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

locals {
  settings = merge(local.host_settings, var.app.host, var.settings)

  always_ready = [for what in sort(keys(var.app.always_ready)) : { name = what, instanceCount = var.app.always_ready[what] } if var.always_ready]

  host_settings = merge({
    AzureWebJobsStorage__accountName          = var.host_storage.name
    AzureWebJobsStorage__credential           = "managedidentity"
    AzureWebJobsStorage__clientId             = var.identity.client_id
    APPLICATIONINSIGHTS_CONNECTION_STRING     = var.insights_connection_string
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING = "Authorization=AAD;ClientId=${var.identity.client_id}"
    AZURE_CLIENT_ID                           = var.identity.client_id
    },
    length(var.app.people) == 0 ? {} : {
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID = var.identity.client_id
    },
    # The host leaves alone what says so; the portal shows it as disabled.
    { for function in var.idle_functions : "AzureWebJobs.${function}.Disabled" => "true" },
    # Bindings find their service by <connection>__<key>, and their identity the same way.
    merge([for connection in var.app.connections : {
      "${connection}__credential" = "managedidentity"
      "${connection}__clientId"   = var.identity.client_id
    }]...)
  )

  restrictions = {
    # The ways in that cannot be private.
    ipSecurityRestrictions = [
      for way in [
        {
          open = var.network != null && length(var.app.subscriptions) > 0
          rule = {
            name        = "event-grid"
            description = "Event Grid delivers to public addresses only"
            priority    = 100
            action      = "Allow"
            tag         = "ServiceTag"
            ipAddress   = "AzureEventGrid"
          }
        },
        {
          open = var.network != null && var.front_door != null && length(var.app.people) > 0
          rule = {
            name        = "front-door"
            description = "our people's pages come by our own Front Door"
            priority    = 110
            action      = "Allow"
            tag         = "ServiceTag"
            ipAddress   = "AzureFrontDoor.Backend"
            headers     = { "x-azure-fdid" = [try(var.front_door.guid, "")] }
          }
        }
      ] : way.rule if way.open
    ]

    scmIpSecurityRestrictions = [
      for index, address in var.deploy_from : {
        name      = "deploy-${index}"
        priority  = 100 + index
        action    = "Allow"
        ipAddress = address
      }
    ]
  }
}
