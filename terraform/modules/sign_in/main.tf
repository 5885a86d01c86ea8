# Who may call an app at all. Each app is an application in Entra whose tokens go only to those who were given a role:
# API Management and other apps by their identities, our people by their groups. No client secrets: where people sign
# in, the platform proves itself with the app's managed identity.

locals {
  roles = merge([
    for app in var.apps : merge(
      { "${app.name}/Caller" = { app = app.name, role = "Caller", kind = "Application", text = "Calls ${app.name} as a service" } },
      { for people in app.people : "${app.name}/${people.role}" => { app = app.name, role = people.role, kind = "User", text = "Works with ${people.page}" } }
    )
  ]...)

  callers = merge(
    { for app in var.apps : "${app.name}/gateway" => { app = app.name, principal_id = var.gateway_principal_id } },
    merge([for app in var.apps : {
      for caller in app.called_by : "${app.name}/${caller}" => { app = app.name, principal_id = var.identities[caller].principal_id }
      if contains(keys(var.apps), caller)
    }]...)
  )

  # A group may have several roles of one app. Besides those who operate all apps, a team operates its own.
  groups = merge(concat(flatten([for app in var.apps : [
    for people in app.people : {
      for group in lookup(var.groups, people.role, []) : "${app.name}/${people.role}/${group}" => { app = app.name, role = people.role, group = group }
    }
    ]]), [for app in var.apps : {
    for group in lookup(var.operators, app.name, []) : "${app.name}/Operator/${group}" => { app = app.name, role = "Operator", group = group }
    if contains([for people in app.people : people.role], "Operator")
  }])...)
}

resource "azuread_application" "this" {
  for_each = var.apps

  display_name     = "${var.prefix}-${each.key}"
  description      = each.value.purpose
  sign_in_audience = "AzureADMyOrg"
  identifier_uris  = ["api://${var.tenant_id}/${var.prefix}-${each.key}"]
  owners           = length(var.owners) == 0 ? null : var.owners

  api {
    requested_access_token_version = 2
  }

  dynamic "app_role" {
    for_each = { for key, role in local.roles : key => role if role.app == each.key }

    content {
      # The same in every plan, and different in every environment.
      id                   = uuidv5("url", "https://${var.prefix}/${app_role.key}")
      value                = app_role.value.role
      display_name         = app_role.value.role
      description          = app_role.value.text
      allowed_member_types = [app_role.value.kind]
    }
  }

  dynamic "web" {
    for_each = length(each.value.people) == 0 ? [] : [1]

    content {
      redirect_uris = [for host in var.hosts[each.key] : "https://${host}/.auth/login/aad/callback"]

      implicit_grant {
        id_token_issuance_enabled = true
      }
    }
  }
}

resource "azuread_service_principal" "this" {
  for_each = var.apps

  client_id                    = azuread_application.this[each.key].client_id
  app_role_assignment_required = true
  owners                       = length(var.owners) == 0 ? null : var.owners
}

resource "azuread_application_federated_identity_credential" "this" {
  #checkov:skip=CKV_AZURE_249: it trusts one managed identity of this tenant, not GitHub
  for_each = { for name, app in var.apps : name => app if length(app.people) > 0 }

  application_id = azuread_application.this[each.key].id
  display_name   = "managed-identity"
  description    = "the app's own identity in the place of a client secret"
  issuer         = "https://login.microsoftonline.com/${var.tenant_id}/v2.0"
  subject        = var.identities[each.key].principal_id
  audiences      = ["api://AzureADTokenExchange"]
}

resource "azuread_app_role_assignment" "service" {
  for_each = local.callers

  resource_object_id  = azuread_service_principal.this[each.value.app].object_id
  app_role_id         = uuidv5("url", "https://${var.prefix}/${each.value.app}/Caller")
  principal_object_id = each.value.principal_id
}

resource "azuread_app_role_assignment" "group" {
  for_each = local.groups

  resource_object_id  = azuread_service_principal.this[each.value.app].object_id
  app_role_id         = uuidv5("url", "https://${var.prefix}/${each.value.app}/${each.value.role}")
  principal_object_id = each.value.group
}
