output "id" {
  value = azapi_resource.site.id
}

output "host_name" {
  description = "Where the app answers; known before it is made."
  value       = "${var.name}.azurewebsites.net"
}

output "settings" {
  description = "The names of all settings."
  value       = sort(keys(local.settings))
}
