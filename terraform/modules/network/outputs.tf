output "subnet_ids" {
  value = { for name, subnet in azurerm_subnet.this : name => subnet.id }
}

output "address_out" {
  description = "The address from which apps and gateway call others."
  value       = azurerm_public_ip.out.ip_address
}
