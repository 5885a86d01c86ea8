output "id" {
  value = azurerm_api_management.this.id
}

output "host_name" {
  value = trimprefix(azurerm_api_management.this.gateway_url, "https://")
}

output "policies" {
  description = "The policy of each API, for the tests."
  value       = local.policies
}
