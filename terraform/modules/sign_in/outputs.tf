output "registrations" {
  description = "For each app what it must know to check a token."
  value = {
    for name, application in azuread_application.this : name => {
      client_id      = application.client_id
      identifier_uri = "api://${var.tenant_id}/${var.prefix}-${name}"
      tenant_id      = var.tenant_id
    }
  }
}
