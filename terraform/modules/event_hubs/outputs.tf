output "id" {
  value = azurerm_eventhub_namespace.this.id
}

output "host" {
  description = "Where the hubs are, as connections want it: a host name and no scheme."
  value       = local.host

  # Who is told where hubs are finds them there, with its groups.
  depends_on = [azurerm_eventhub.this, azurerm_eventhub_consumer_group.this]
}

output "hub_ids" {
  value = { for name, hub in azurerm_eventhub.this : name => hub.id }
}
