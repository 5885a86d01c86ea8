output "id" {
  value = azurerm_function_app_flex_consumption.this.id
}

output "host_name" {
  value = azurerm_function_app_flex_consumption.this.default_hostname
}

output "host_storage_id" {
  value = module.host_storage.id
}

output "settings" {
  description = "The names of all settings."
  value       = keys(merge(local.host_settings, var.app.host, var.settings))
}
