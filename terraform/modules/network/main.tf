# The private network of one region. It knows its own region only: networks are not joined, so that the loss of one
# takes nothing from the others, and each has its own private zones, because the same account has another private
# address in each.

locals {
  zones = {
    blob      = "privatelink.blob.core.windows.net"
    queue     = "privatelink.queue.core.windows.net"
    Sql       = "privatelink.documents.azure.com"
    vault     = "privatelink.vaultcore.azure.net"
    sites     = "privatelink.azurewebsites.net"
    account   = "privatelink.cognitiveservices.azure.com"
    namespace = "privatelink.servicebus.windows.net"
  }

  subnets = {
    # With the actions that Azure answers: unsaid ones are a difference in every plan.
    apps      = { index = 0, delegation = "Microsoft.App/environments", actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"] }
    gateway   = { index = 1, delegation = "Microsoft.Web/serverFarms", actions = ["Microsoft.Network/virtualNetworks/subnets/action"] }
    endpoints = { index = 2, delegation = null, actions = null }
  }
}

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.prefix}"
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = [var.address_space]
  tags                = var.tags
}

resource "azurerm_subnet" "this" {
  for_each = local.subnets

  name                            = each.key
  resource_group_name             = var.resource_group_name
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [cidrsubnet(var.address_space, 4, each.value.index)]
  default_outbound_access_enabled = false

  dynamic "delegation" {
    for_each = each.value.delegation == null ? [] : [each.value]

    content {
      name = "delegation"

      service_delegation {
        name    = delegation.value.delegation
        actions = delegation.value.actions
      }
    }
  }
}

# Nobody comes in from outside: the apps and the gateway call, the endpoints answer inside.
resource "azurerm_network_security_group" "this" {
  for_each = local.subnets

  name                = "nsg-${var.prefix}-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  security_rule = [
    for rule in [
      { name = "network", priority = 100, access = "Allow", source = "VirtualNetwork", port = "443" },
      # Hosts read event hubs by AMQP.
      { name = "event-hubs", priority = 110, access = "Allow", source = "VirtualNetwork", port = "5671" },
      { name = "nobody-else", priority = 4000, access = "Deny", source = "*", port = "*" }
      ] : {
      name                                       = rule.name
      description                                = ""
      priority                                   = rule.priority
      direction                                  = "Inbound"
      access                                     = rule.access
      protocol                                   = rule.access == "Allow" ? "Tcp" : "*"
      source_address_prefix                      = rule.source
      source_address_prefixes                    = []
      source_application_security_group_ids      = []
      source_port_range                          = "*"
      source_port_ranges                         = []
      destination_address_prefix                 = "*"
      destination_address_prefixes               = []
      destination_application_security_group_ids = []
      destination_port_range                     = rule.port
      destination_port_ranges                    = []
    } if rule.name != "event-hubs" || each.key == "endpoints"
  ]
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = local.subnets

  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = azurerm_network_security_group.this[each.key].id
}

# The way out (Entra, telemetry) has one address that partners can be told.
resource "azurerm_public_ip" "out" {
  name                = "pip-${var.prefix}-out"
  resource_group_name = var.resource_group_name
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
  tags                = var.tags
}

resource "azurerm_nat_gateway" "out" {
  name                = "ng-${var.prefix}"
  resource_group_name = var.resource_group_name
  location            = var.location
  sku_name            = "Standard"
  tags                = var.tags
}

resource "azurerm_nat_gateway_public_ip_association" "out" {
  nat_gateway_id       = azurerm_nat_gateway.out.id
  public_ip_address_id = azurerm_public_ip.out.id
}

resource "azurerm_subnet_nat_gateway_association" "out" {
  for_each = { for name, subnet in local.subnets : name => subnet if subnet.delegation != null }

  subnet_id      = azurerm_subnet.this[each.key].id
  nat_gateway_id = azurerm_nat_gateway.out.id
}

resource "azurerm_private_dns_zone" "this" {
  for_each = local.zones

  name                = each.value
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  for_each = local.zones

  name                 = "own-network"
  private_dns_zone_id  = azurerm_private_dns_zone.this[each.key].id
  virtual_network_id   = azurerm_virtual_network.this.id
  registration_enabled = false
  tags                 = var.tags
}

# What the apps stand on has its addresses before there are apps: a reference to Key Vault is read when an app is made, and
# then not again for a day.
resource "azurerm_private_endpoint" "before" {
  for_each = var.before_apps

  name                = "pep-${var.prefix}-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = azurerm_subnet.this["endpoints"].id
  tags                = var.tags

  private_service_connection {
    name                           = each.key
    is_manual_connection           = false
    private_connection_resource_id = each.value.id
    subresource_names              = [each.value.kind]
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.this[each.value.kind].id]
  }

  depends_on = [azurerm_private_dns_zone_virtual_network_link.this]
}

resource "azurerm_private_endpoint" "this" {
  for_each = var.targets

  name                = "pep-${var.prefix}-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = azurerm_subnet.this["endpoints"].id
  tags                = var.tags

  private_service_connection {
    name                           = each.key
    is_manual_connection           = false
    private_connection_resource_id = each.value.id
    subresource_names              = [each.value.kind]
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.this[each.value.kind].id]
  }
}
