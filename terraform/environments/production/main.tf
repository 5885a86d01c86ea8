# For the world: every region of var.regions serves, the first one writes. Another region is another word in
# terraform.tfvars.

module "platform" {
  source = "../../modules/platform"

  environment     = "production"
  subscription_id = var.subscription_id
  regions         = var.regions
  active_region   = var.active_region
  drained         = var.drained

  functions_folder = "${path.module}/../../../functions"
  apps_folder      = "${path.module}/../../apps"

  throughput       = { shared = 4000, dedicated = 4000 }
  zone_redundant   = true
  backup_tier      = "Continuous30Days"
  data_replication = "RAGZRS"
  private_network  = true
  deploy_from      = var.deploy_from
  front_door_sku   = "Premium_AzureFrontDoor"

  gateway = {
    sku       = "StandardV2_1"
    publisher = { name = "Iommi platform team", email = var.notify.office.emails[0] }
    customers = var.customers
    products  = var.products
  }

  maximum_instances = 100
  settings          = { LOG_LEVEL = "warn" }

  groups        = var.groups
  partners      = var.partners
  web_origins   = var.web_origins
  apps_deployed = var.apps_deployed

  retention_days     = 90
  daily_telemetry_gb = -1
  notify             = var.notify
  budget_per_month   = 7500
  repository_url     = var.repository_url
  locked             = true
}
