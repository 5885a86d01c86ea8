# All that exists once for each region: the apps, the gateway in front of them, the moderation service, and the
# network around them. Nothing here holds data that another region has not.

module "naming" {
  source = "../naming"

  environment     = var.environment
  region          = var.location
  subscription_id = var.subscription_id
}

resource "azurerm_resource_group" "this" {
  name     = "rg-${module.naming.prefix}"
  location = var.location
  tags     = module.naming.tags
}

locals {
  prefix    = module.naming.prefix
  app_names = { for name in keys(var.apps) : name => "func-${local.prefix}-${name}-${module.naming.unique}" }

  # Where an app finds what stands around it; see functions/every-app.json.
  platform = merge(var.platform, { contentSafety = try(azurerm_cognitive_account.content_safety[0].endpoint, "") })

  values = {
    for name, app in var.apps : name => {
      for setting, said in app.settings : setting => (
        said.source == "value" ? said.of :
        contains(["secret", "agreedSecret"], said.source) ? var.secrets[said.of] :
        said.source == "platform" && said.of == "pagesOrigins" ? join(",", [for host in lookup(var.page_hosts, name, []) : "https://${host}"]) :
        said.source == "platform" ? local.platform[said.of] :
        said.source == "urlOf" ? "https://${local.app_names[said.of]}.azurewebsites.net" :
        "${var.registrations[said.of].identifier_uri}/.default"
      )
    }
  }

  safety = anytrue([for app in var.apps : app.safety])

  # Where the Functions host keeps who reads a hub, and how far. Made before the host would, because others may read it.
  checkpoints = "azure-webjobs-eventhub"

  checkpoint_roles = merge([for reader, app in var.apps : {
    for consumer, other in var.apps : "${reader}/${consumer}" => { reader = reader, consumer = consumer } if length(other.groups) > 0
  } if app.reads_checkpoints && var.reads_hubs]...)
}

# Made before the apps and apart from them: its private endpoint must be there when an app is made.
module "host_storage" {
  source   = "../storage"
  for_each = var.apps

  name                  = var.host_storage_names[each.key]
  resource_group_name   = azurerm_resource_group.this.name
  location              = var.location
  tags                  = merge(module.naming.tags, { team = each.value.team })
  replication           = var.zone_redundant ? "ZRS" : "LRS"
  containers            = concat(["packages"], length(each.value.groups) > 0 ? [local.checkpoints] : [])
  versioning            = false
  keep_deleted_days     = 7
  public_network_access = !var.private_network
  workspace_id          = var.workspace_id
}

module "app" {
  source   = "../function_app"
  for_each = var.apps

  name                       = local.app_names[each.key]
  prefix                     = local.prefix
  host_storage               = { id = module.host_storage[each.key].id, name = module.host_storage[each.key].name, blob_endpoint = module.host_storage[each.key].blob_endpoint }
  resource_group_name        = azurerm_resource_group.this.name
  resource_group_id          = azurerm_resource_group.this.id
  location                   = var.location
  tags                       = merge(module.naming.tags, { team = each.value.team })
  app                        = each.value
  identity                   = var.identities[each.key]
  sign_in                    = var.registrations[each.key]
  settings                   = local.values[each.key]
  idle_functions             = var.reads_hubs ? toset([]) : each.value.from_hubs
  maximum_instances          = var.maximum_instances
  always_ready               = var.always_ready
  zone_redundant             = var.zone_redundant
  network                    = var.private_network ? { subnet_id = module.network[0].subnet_ids["apps"] } : null
  front_door                 = var.front_door
  deploy_from                = var.deploy_from
  insights_connection_string = var.insights.connection_string
  workspace_id               = var.workspace_id
}

# Of this one container, and not of the account: packages and keys lie there as well.
resource "azurerm_role_assignment" "checkpoints" {
  for_each = local.checkpoint_roles

  scope                = module.host_storage[each.value.consumer].container_ids[local.checkpoints]
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = var.identities[each.value.reader].principal_id
  principal_type       = "ServicePrincipal"
  description          = "says how far ${each.value.consumer} has read"
}

module "gateway" {
  source = "../api_management"

  prefix              = local.prefix
  unique              = module.naming.unique
  resource_group_name = azurerm_resource_group.this.name
  location            = var.location
  tags                = module.naming.tags
  sku                 = var.gateway.sku
  publisher           = var.gateway.publisher
  customers           = var.gateway.customers
  products            = var.gateway.products
  signed              = var.signed
  identity            = var.gateway_identity
  documents           = var.documents
  operations          = var.operations
  query_parameters    = var.query_parameters
  backends            = { for name, app in module.app : name => { id = app.id, url = "https://${app.host_name}", audience = var.registrations[name].identifier_uri } }
  network             = var.private_network ? { subnet_id = module.network[0].subnet_ids["gateway"] } : null
  front_door          = var.front_door
  insights            = var.insights
  workspace_id        = var.workspace_id
}

resource "azurerm_cognitive_account" "content_safety" {
  #checkov:skip=CKV2_AZURE_22: a key of our own would have to be kept alive in every region; Microsoft's keys encrypt
  #checkov:skip=CKV_AZURE_134: public where the environment has no network, and then by Entra tokens only
  #checkov:skip=CKV_AZURE_238: it calls nobody, so it needs no identity of its own
  count = local.safety ? 1 : 0

  name                               = "cs-${local.prefix}-${module.naming.unique}"
  resource_group_name                = azurerm_resource_group.this.name
  location                           = var.location
  kind                               = "ContentSafety"
  sku_name                           = "S0"
  custom_subdomain_name              = "cs-${local.prefix}-${module.naming.unique}"
  local_auth_enabled                 = false
  public_network_access_enabled      = !var.private_network
  outbound_network_access_restricted = true
  tags                               = module.naming.tags
}

resource "azurerm_role_assignment" "content_safety" {
  for_each = { for name, app in var.apps : name => app if app.safety }

  scope                = azurerm_cognitive_account.content_safety[0].id
  role_definition_name = "Cognitive Services User"
  principal_id         = var.identities[each.key].principal_id
  principal_type       = "ServicePrincipal"
  description          = "asks whether a picture is decent"
}

module "network" {
  source = "../network"
  count  = var.private_network ? 1 : 0

  prefix              = local.prefix
  resource_group_name = azurerm_resource_group.this.name
  location            = var.location
  tags                = module.naming.tags

  targets = { for name in keys(var.apps) : "${name}-site" => { id = module.app[name].id, kind = "sites" } }

  before_apps = merge(
    var.shared_targets,
    { for name in keys(var.apps) : "${name}-host" => { id = module.host_storage[name].id, kind = "blob" } },
    local.safety ? { content-safety = { id = azurerm_cognitive_account.content_safety[0].id, kind = "account" } } : {}
  )
}
