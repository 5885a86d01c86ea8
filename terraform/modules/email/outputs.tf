output "id" {
  description = "The communication service, whose events say what became of mails."
  value       = azurerm_communication_service.this.id
}

output "endpoint" {
  description = "Where mails are handed in."
  value       = "https://${azurerm_communication_service.this.hostname}/"
}

output "sender" {
  description = "The address that mails come from."
  value       = "DoNotReply@${azurerm_email_communication_service_domain.this.from_sender_domain}"
}

output "verification_records" {
  description = "What must stand in the domain's DNS before mails can be sent; nothing for a domain of Azure's."
  value       = local.is_azures ? [] : azurerm_email_communication_service_domain.this.verification_records
}
