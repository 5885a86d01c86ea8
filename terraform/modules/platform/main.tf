# One environment, whole. What is global stands here; what is there once for each region is modules/region.

data "azurerm_client_config" "current" {}

module "catalogue" {
  source = "../catalogue"

  functions_folder = var.functions_folder
  crates_folder    = var.crates_folder
  teams_folder     = var.teams_folder
  sun_regions      = module.sun.regions
}

module "sun" {
  source = "../sun"

  sun     = var.sun
  regions = var.regions
}

module "naming" {
  source = "../naming"

  environment     = var.environment
  subscription_id = var.subscription_id
}

locals {
  prefix = module.naming.prefix
  tags   = module.naming.tags
  tenant = data.azurerm_client_config.current.tenant_id

  apps = module.catalogue.apps

  # Who signs what it sends has no key, and is one address: the card network's processor asks 200 times a second, and more
  # when it is caught up with. Its messages have some hundred bytes.
  signed = { calls_per_minute = 30000, body_bytes = 65536 }

  # Settings whose value is a random key that only the apps know, and those whose value is agreed with somebody else.
  keys = { for source in ["secret", "agreedSecret"] : source => toset(flatten([for app in local.apps : [for setting in app.settings : setting.of if setting.source == source]])) }
}

resource "azurerm_resource_group" "global" {
  name     = "rg-${local.prefix}-global"
  location = var.home
  tags     = local.tags
}

# What must never go by accident is in a group of its own.
resource "azurerm_resource_group" "data" {
  name     = "rg-${local.prefix}-data"
  location = var.home
  tags     = local.tags
}

# One identity for each app, the same in every region: tokens for it do not depend on the region it was made in.
resource "azurerm_user_assigned_identity" "app" {
  for_each = local.apps

  name                = "id-${local.prefix}-${each.key}"
  resource_group_name = azurerm_resource_group.global.name
  location            = var.home
  tags                = merge(local.tags, { app = each.key, team = each.value.team })
}

resource "azurerm_user_assigned_identity" "gateway" {
  name                = "id-${local.prefix}-gateway"
  resource_group_name = azurerm_resource_group.global.name
  location            = var.home
  tags                = local.tags
}

locals {
  identities = {
    for name, identity in azurerm_user_assigned_identity.app : name => {
      id           = identity.id
      principal_id = identity.principal_id
      client_id    = identity.client_id
    }
  }

  gateway_identity = {
    id           = azurerm_user_assigned_identity.gateway.id
    principal_id = azurerm_user_assigned_identity.gateway.principal_id
    client_id    = azurerm_user_assigned_identity.gateway.client_id
  }
}

module "monitoring" {
  source = "../monitoring"

  environment         = var.environment
  prefix              = local.prefix
  subscription_id     = var.subscription_id
  resource_group_name = azurerm_resource_group.global.name
  location            = var.telemetry_region
  tags                = local.tags
  apps                = local.apps
  channels            = local.channels
  event_hubs_ids      = [for hubs in module.event_hubs : hubs.id]
  event_capture       = local.captures
  operations          = module.catalogue.operations
  gateway_logs        = !startswith(var.gateway.sku, "Consumption")
  alerts              = var.alerts
  objectives          = jsondecode(file(var.objectives_file))
  retention_days      = var.retention_days
  daily_quota_gb      = var.daily_telemetry_gb
  notify              = var.notify
  budget_per_month    = var.budget_per_month
  repository_url      = var.repository_url
  cosmos_id           = module.data.id
  storage_id          = module.storage.id
  front_door_ids      = var.front_door_sku == null ? [] : [module.front_door[0].id]
  content_safety_ids  = { for name, region in module.region : name => region.content_safety_id if anytrue([for app in local.apps : app.safety]) }
}

# The gateway sends its telemetry with its own identity, like the apps.
resource "azurerm_role_assignment" "gateway_telemetry" {
  scope                = module.monitoring.insights.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = local.gateway_identity.principal_id
  principal_type       = "ServicePrincipal"
  description          = "sends telemetry; the resource takes no keys"
}

module "data" {
  source = "../data"

  name                  = "cosmos-${local.prefix}-${module.naming.unique}"
  resource_group_name   = azurerm_resource_group.data.name
  home                  = var.home
  regions               = var.regions
  tags                  = local.tags
  apps                  = local.apps
  throughput            = var.throughput
  zone_redundant        = var.zone_redundant
  backup_tier           = var.backup_tier
  public_network_access = !var.private_network
  workspace_id          = module.monitoring.workspace_id
}

# Queues and photos are in the home region, copied to its pair; see docs/regions.md.
module "storage" {
  source = "../storage"

  name                  = "st${module.naming.compact}data${substr(sha1("${var.subscription_id}/${local.prefix}/data"), 0, 5)}"
  resource_group_name   = azurerm_resource_group.data.name
  location              = var.home
  tags                  = local.tags
  replication           = var.data_replication
  containers            = module.catalogue.containers
  queues                = module.catalogue.queues
  keep_deleted_days     = 14
  lifecycle_days        = merge([for app in local.apps : app.lifecycle]...)
  retention_days        = merge([for app in local.apps : app.retention]...)
  browser_origins       = length(flatten([for app in local.apps : tolist(app.browsers)])) > 0 ? var.web_origins : []
  public_network_access = true
  workspace_id          = module.monitoring.workspace_id
}

# Made when the first app owns an event hub; one namespace, at home: docs/decisions/0045-event-hubs-in-azure.md.
module "event_hubs" {
  source = "../event_hubs"
  count  = length(module.catalogue.hubs) > 0 ? 1 : 0

  name                     = "evhns-${local.prefix}-${module.naming.unique}"
  resource_group_name      = azurerm_resource_group.data.name
  location                 = var.home
  tags                     = local.tags
  hubs                     = module.catalogue.hubs
  capture                  = var.event_capture
  maximum_throughput_units = var.event_units
  storage_id               = module.storage.id
  container_ids            = module.storage.container_ids
  platform_team            = { name = "platform", security_group = module.catalogue.teams["platform"].security_group, channel = local.channels["platform"] }
  owners                   = var.owners
  public_network_access    = !var.private_network
  deploy_from              = var.deploy_from
  workspace_id             = module.monitoring.workspace_id
}

# Made when the first app says that it sends mails.
module "email" {
  source = "../email"
  count  = anytrue([for app in local.apps : app.email]) ? 1 : 0

  prefix              = local.prefix
  unique              = module.naming.unique
  resource_group_name = azurerm_resource_group.data.name
  data_location       = var.email_data_location
  domain              = var.email_domain
  senders             = { for name, app in local.apps : name => local.identities[name].principal_id if app.email }
  tags                = local.tags
}

module "secrets" {
  source = "../secrets"

  name                  = "kv-iommi-${substr(var.environment, 0, 8)}-${module.naming.unique}"
  resource_group_name   = azurerm_resource_group.data.name
  location              = var.home
  tags                  = local.tags
  tenant_id             = local.tenant
  keys                  = local.keys["secret"]
  agreed                = local.keys["agreedSecret"]
  public_network_access = !var.private_network
  deploy_from           = var.deploy_from
  workspace_id          = module.monitoring.workspace_id
}

module "access" {
  source = "../access"

  apps                = local.apps
  identities          = local.identities
  resource_group_name = azurerm_resource_group.data.name
  cosmos              = { id = module.data.id, name = module.data.name }
  storage_id          = module.storage.id
  queue_ids           = module.storage.queue_ids
  container_ids       = module.storage.container_ids
  hub_ids             = try(module.event_hubs[0].hub_ids, {})
  secret_ids          = module.secrets.secret_ids
  insights_id         = module.monitoring.insights.id
  partners            = var.partners
}

module "sign_in" {
  source = "../sign_in"

  prefix               = local.prefix
  tenant_id            = local.tenant
  apps                 = local.apps
  identities           = local.identities
  gateway_principal_id = local.gateway_identity.principal_id
  groups               = var.groups
  operators            = local.operators
  owners               = var.owners

  hosts = local.page_hosts
}

locals {
  captures = var.event_capture && anytrue([for hub in module.catalogue.hubs : hub.capture != null])

  hub_targets = { for hubs in module.event_hubs : "events" => { id = hubs.id, kind = "namespace" } }

  # Its own people operate an app, besides those who operate all of them.
  operators = { for name, app in local.apps : name => compact([lookup(var.team_groups, module.catalogue.teams[app.team].security_group, "")]) }

  # Known before there is an account, because `events` is told where the hosts of others keep their checkpoints.
  host_storage_names = {
    for region in var.regions : region => {
      for name in keys(local.apps) : name => "st${module.regional_naming[region].compact}${substr(name, 0, 6)}${substr(sha1("${var.subscription_id}/${module.regional_naming[region].prefix}/${name}"), 0, 5)}"
    }
  }

  # They lie in the region that reads, and elsewhere nobody is told of them.
  checkpoints = join(";", [
    for name, app in local.apps : "${name}=https://${local.host_storage_names[local.active][name]}.blob.core.windows.net/" if length(app.groups) > 0
  ])

  staff_pages = join(";", [for name, hosts in local.page_hosts : "${name}=https://${hosts[0]}" if length(hosts) > 0])

  # Where a team hears of its apps: what runs for customers and what runs for ourselves have a channel each.
  channels = { for name, team in module.catalogue.teams : name => team.channels[var.environment == "production" ? "status-live" : "status-dev"] }

  # Where clients come, and where a bank sends people back to; the name of a gateway is known beforehand.
  api_host = var.front_door_sku == null ? "apim-${module.regional_naming[var.home].prefix}-${module.naming.unique}.azure-api.net" : module.front_door[0].host_names["api"]

  # People come by the front door where there is one, else straight to the app, whose name is known beforehand.
  page_hosts = {
    for name, app in local.apps : name => var.front_door_sku == null ? [
      for region in var.regions : "func-${module.regional_naming[region].prefix}-${name}-${module.naming.unique}.azurewebsites.net"
    ] : [module.front_door[0].host_names[name]] if length(app.people) > 0
  }
}

module "regional_naming" {
  source   = "../naming"
  for_each = toset(var.regions)

  environment     = var.environment
  region          = each.key
  subscription_id = var.subscription_id
}

module "region" {
  source   = "../region"
  for_each = toset(var.regions)

  # An app is made when what it stands on may be used: the host starts at once.
  depends_on = [module.access]

  environment       = var.environment
  subscription_id   = var.subscription_id
  location          = each.key
  apps              = local.apps
  documents         = module.catalogue.documents
  operations        = module.catalogue.operations
  query_parameters  = module.catalogue.query_parameters
  identities        = local.identities
  gateway_identity  = local.gateway_identity
  registrations     = module.sign_in.registrations
  gateway           = var.gateway
  signed            = local.signed
  maximum_instances = var.maximum_instances
  always_ready      = var.always_ready
  zone_redundant    = var.zone_redundant
  private_network   = var.private_network
  front_door        = var.front_door_sku == null ? null : { guid = module.front_door[0].guid }
  deploy_from       = var.deploy_from
  insights          = module.monitoring.insights
  workspace_id      = module.monitoring.workspace_id

  # Event hubs are read in one region at a time: who reads what, and how far, stands in the host storage of each region.
  reads_hubs         = each.key == local.active
  host_storage_names = local.host_storage_names[each.key]

  secrets    = module.secrets.references
  page_hosts = local.page_hosts

  platform = {
    sun         = module.sun.schedule
    sunRegion   = module.sun.of_region[each.key]
    sunRegions  = join(", ", module.sun.regions)
    cosmosDb    = module.data.endpoint
    blobs       = module.storage.blob_endpoint
    queues      = module.storage.queue_endpoint
    eventHubs   = try(module.event_hubs[0].host, "")
    checkpoints = each.key == local.active ? local.checkpoints : ""
    staffPages  = local.staff_pages
    logLevel    = var.log_level
    cardNetwork = var.card_network_url
    bank        = var.bank_url
    vendor      = var.vendor_url
    bankIssuer  = var.bank_issuer
    seller      = jsonencode(var.seller)
    bankReturn  = "https://${local.api_host}/credit/v1/callback"
    orders      = "https://${local.api_host}/v1/orders/"
    email       = try(module.email[0].endpoint, "")
    emailSender = try(module.email[0].sender, "")
  }

  shared_targets = merge({
    documents = { id = module.data.id, kind = "Sql" }
    blobs     = { id = module.storage.id, kind = "blob" }
    queues    = { id = module.storage.id, kind = "queue" }
    keys      = { id = module.secrets.id, kind = "vault" }
    },
    local.hub_targets
  )
}

module "front_door" {
  source = "../front_door"
  count  = var.front_door_sku == null ? 0 : 1

  prefix              = local.prefix
  resource_group_name = azurerm_resource_group.global.name
  tags                = local.tags
  sku                 = var.front_door_sku
  probe               = "${local.apps["profiles"].health}ready"
  gateways            = { for name, region in module.region : name => region.gateway }
  drained             = var.drained
  priorities          = module.sun.priorities
  workspace_id        = module.monitoring.workspace_id

  signed_paths               = distinct([for operation in module.catalogue.operations : operation.path if operation.signed])
  signed_requests_per_minute = local.signed.calls_per_minute

  surfaces = [for name, app in local.apps : name if length(app.people) > 0]

  staff = {
    for name, app in local.apps : name => {
      probe   = "/${app.health}ready"
      origins = { for region_name, region in module.region : region_name => region.apps[name].host_name }
    } if length(app.people) > 0
  }
}

module "locks" {
  source = "../locks"
  count  = var.locked ? 1 : 0

  prefix            = local.prefix
  resource_group_id = azurerm_resource_group.data.id
}
