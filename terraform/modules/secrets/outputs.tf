output "id" {
  value = azurerm_key_vault.this.id
}

output "references" {
  description = "For each key the value of the app setting that refers to it."
  value       = { for key, secret in azurerm_key_vault_secret.key : key => "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault.this.vault_uri}secrets/${secret.name})" }
}

output "secret_ids" {
  description = "For each key the secret as a scope of role assignments."
  value       = { for key, secret in azurerm_key_vault_secret.key : key => "${azurerm_key_vault.this.id}/secrets/${secret.name}" }
}
