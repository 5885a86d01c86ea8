output "id" {
  value = azurerm_cdn_frontdoor_profile.this.id
}

output "guid" {
  description = "What Front Door writes into X-Azure-FDID."
  value       = azurerm_cdn_frontdoor_profile.this.resource_guid
}

output "host_names" {
  description = "The public host names: api for clients, an app's name for its people."
  value       = { for name, endpoint in azurerm_cdn_frontdoor_endpoint.this : name => endpoint.host_name }
}
