output "resource_group_id" {
  value = azurerm_resource_group.this.id
}

output "apps" {
  description = "For each app its name, id, host name and the names of its settings."
  value       = { for name, app in module.app : name => { name = local.app_names[name], id = app.id, host_name = app.host_name, settings = app.settings } }
}

output "checkpoint_readers" {
  description = "Who may read the checkpoints of whom, as what: reader/consumer."
  value       = { for key, role in azurerm_role_assignment.checkpoints : key => role.role_definition_name }
}

output "gateway" {
  description = "API Management: its id and host name."
  value       = { id = module.gateway.id, host_name = module.gateway.host_name }
}

output "content_safety_id" {
  value = one(azurerm_cognitive_account.content_safety[*].id)
}
