# One environment. Which one, and everything that is decided for it, stands in <environment>.tfvars beside this file.

module "platform" {
  source = "../modules/platform"

  environment      = var.environment
  subscription_id  = var.subscription_id
  regions          = var.regions
  home             = var.home
  telemetry_region = var.telemetry_region
  active_region    = var.active_region
  drained          = var.drained
  sun              = var.sun

  functions_folder = "${path.module}/../../functions"
  crates_folder    = "${path.module}/../../crates"
  teams_folder     = "${path.module}/../../teams"
  objectives_file  = "${path.module}/../objectives.json"

  throughput       = var.throughput
  zone_redundant   = var.zone_redundant
  backup_tier      = var.backup_tier
  data_replication = var.data_replication
  event_units      = var.event_units
  event_capture    = var.event_capture
  private_network  = var.private_network
  deploy_from      = var.deploy_from
  front_door_sku   = var.front_door_sku

  gateway = {
    sku       = var.gateway_sku
    publisher = { name = "Iommi platform team", email = var.notify.office.emails[0] }
    customers = var.customers
    products  = var.products
  }

  maximum_instances = var.maximum_instances
  always_ready      = var.always_ready
  card_network_url  = var.card_network_url
  email_domain      = var.email_domain
  bank_url          = var.bank_url
  vendor_url        = var.vendor_url
  bank_issuer       = var.bank_issuer
  seller            = var.seller
  log_level         = var.log_level

  groups      = var.groups
  team_groups = var.team_groups
  owners      = var.owners
  partners    = var.partners
  web_origins = var.web_origins

  retention_days     = var.retention_days
  daily_telemetry_gb = var.daily_telemetry_gb
  # Nobody is woken by a developer's own environment.
  alerts           = !startswith(var.environment, "dev-")
  notify           = var.notify
  budget_per_month = var.budget_per_month
  repository_url   = var.repository_url
  locked           = var.locked
}
