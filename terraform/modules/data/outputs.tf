output "id" {
  value = azurerm_cosmosdb_account.this.id
}

output "name" {
  value = azurerm_cosmosdb_account.this.name
}

output "endpoint" {
  value = azurerm_cosmosdb_account.this.endpoint
}
