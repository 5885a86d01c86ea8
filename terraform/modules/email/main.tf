# Mails through Azure Communication Services. A mail is accepted by the communication service, sent from a domain of the
# e-mail service, and what became of it is told through Event Grid (platform/events.tf).

locals {
  # Azure's own domain has a fixed name here; what mails come from is another name, known afterwards.
  is_azures = var.domain == null
}

resource "azurerm_communication_service" "this" {
  name                = "acs-${var.prefix}-${var.unique}"
  resource_group_name = var.resource_group_name
  data_location       = var.data_location
  tags                = var.tags
}

resource "azurerm_email_communication_service" "this" {
  name                = "mail-${var.prefix}-${var.unique}"
  resource_group_name = var.resource_group_name
  data_location       = var.data_location
  tags                = var.tags
}

# No tracking: nobody is watched while they read an invoice.
resource "azurerm_email_communication_service_domain" "this" {
  name                             = local.is_azures ? "AzureManagedDomain" : var.domain
  email_service_id                 = azurerm_email_communication_service.this.id
  domain_management                = local.is_azures ? "AzureManaged" : "CustomerManaged"
  user_engagement_tracking_enabled = false
  tags                             = var.tags
}

# Refused until a domain of our own is verified: docs/deploying.md.
resource "azurerm_communication_service_email_domain_association" "this" {
  communication_service_id = azurerm_communication_service.this.id
  email_service_domain_id  = azurerm_email_communication_service_domain.this.id
}

# The smallest role that Azure has for sending: of the communication service alone, neither of domains nor of their
# settings. One of our own could not be made by who deploys, who may give roles and not define them.
resource "azurerm_role_assignment" "sender" {
  for_each = var.senders

  scope                = azurerm_communication_service.this.id
  role_definition_name = "Communication and Email Service Owner"
  principal_id         = each.value
  principal_type       = "ServicePrincipal"
  description          = "${each.key} sends mails"
}
