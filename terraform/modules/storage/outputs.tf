output "id" {
  value = azurerm_storage_account.this.id
}

output "name" {
  value = azurerm_storage_account.this.name
}

output "blob_endpoint" {
  value = azurerm_storage_account.this.primary_blob_endpoint

  # Who is told where its blobs are finds the containers there.
  depends_on = [azurerm_storage_container.this]
}

output "queue_endpoint" {
  value = azurerm_storage_account.this.primary_queue_endpoint
}

output "container_ids" {
  value = { for name, container in azurerm_storage_container.this : name => container.id }
}

output "queue_ids" {
  value = { for name, queue in azurerm_storage_queue.this : name => queue.id }
}
