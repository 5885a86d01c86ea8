output "subnet_ids" {
  description = "The subnets, as soon as something may be put into them."
  value       = { for name, subnet in azurerm_subnet.this : name => subnet.id }

  # API Management looks whether its subnet is guarded, and an app whether it reaches what it stands on.
  depends_on = [
    azurerm_subnet_network_security_group_association.this,
    azurerm_subnet_nat_gateway_association.out,
    azurerm_nat_gateway_public_ip_association.out,
    azurerm_private_endpoint.before,
  ]
}

output "address_out" {
  description = "The address from which apps and gateway call others."
  value       = azurerm_public_ip.out.ip_address
}
