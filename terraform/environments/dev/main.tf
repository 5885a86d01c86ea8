# The shared dev environment, and with -var name=dev-<you> one of your own (../../dev). One region, everything that can
# scales to zero; no Front Door, no private network: those two cost money while nobody works.

module "platform" {
  source = "../../modules/platform"

  environment     = var.name
  subscription_id = var.subscription_id
  regions         = var.regions

  functions_folder = "${path.module}/../../../functions"
  apps_folder      = "${path.module}/../../apps"

  throughput       = null
  zone_redundant   = false
  backup_tier      = "Continuous7Days"
  data_replication = "LRS"
  private_network  = false
  front_door_sku   = null

  gateway = {
    sku       = "Consumption_0"
    publisher = { name = "Iommi platform team", email = var.notify.office.emails[0] }
    customers = null
    products = {
      trial = {
        name             = "Trial"
        description      = "For trying things out."
        approval         = false
        calls_per_minute = 300
        calls_per_day    = 20000
      }
    }
  }

  maximum_instances = 40
  settings          = { LOG_LEVEL = "info" }

  groups        = var.groups
  partners      = {}
  web_origins   = ["http://localhost:5173"]
  apps_deployed = var.apps_deployed

  retention_days     = 30
  daily_telemetry_gb = 1
  alerts             = var.name == "dev"
  notify             = var.notify
  budget_per_month   = 60
  repository_url     = var.repository_url
  locked             = false
}
