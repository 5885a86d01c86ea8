# Like production in everything that can break a release: private network, Front Door, several regions. Smaller in
# everything that only costs: two regions, fewer instances, no zones, no locks.

module "platform" {
  source = "../../modules/platform"

  environment     = "staging"
  subscription_id = var.subscription_id
  regions         = var.regions
  active_region   = var.active_region
  drained         = var.drained

  functions_folder = "${path.module}/../../../functions"
  apps_folder      = "${path.module}/../../apps"

  throughput       = { shared = 1000, dedicated = 1000 }
  zone_redundant   = false
  backup_tier      = "Continuous7Days"
  data_replication = "RAGRS"
  private_network  = true
  deploy_from      = var.deploy_from
  front_door_sku   = "Standard_AzureFrontDoor"

  gateway = {
    sku       = "StandardV2_1"
    publisher = { name = "Iommi platform team", email = var.notify.office.emails[0] }
    customers = var.customers
    products  = var.products
  }

  maximum_instances = 40
  settings          = { LOG_LEVEL = "info" }

  groups        = var.groups
  partners      = var.partners
  web_origins   = var.web_origins
  apps_deployed = var.apps_deployed

  retention_days     = 30
  daily_telemetry_gb = 5
  notify             = var.notify
  budget_per_month   = 3000
  repository_url     = var.repository_url
  locked             = false
}
