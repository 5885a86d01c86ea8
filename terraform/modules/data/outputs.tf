output "id" {
  value = azurerm_cosmosdb_account.this.id
}

output "name" {
  value = azurerm_cosmosdb_account.this.name
}

output "endpoint" {
  value = azurerm_cosmosdb_account.this.endpoint
}

output "containers" {
  description = "The database of each container."
  value       = { for name, container in local.containers : name => container.database }
}
