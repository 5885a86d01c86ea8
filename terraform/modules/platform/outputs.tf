output "entry" {
  description = "Where clients call: the front door, or the only gateway."
  value       = var.front_door_sku == null ? module.region[var.home].gateway.host_name : module.front_door[0].host_names["api"]
}

output "people" {
  description = "Where our own people work, by app and role."
  value = {
    for name, app in local.apps : name => {
      for people in app.people : people.role => join("", [
        "https://",
        var.front_door_sku == null ? module.region[var.home].apps[name].host_name : module.front_door[0].host_names[name],
        people.page
      ])
    } if length(app.people) > 0
  }
}

output "sun" {
  description = "What pipelines/steps/sun.sh moves each hour: whom clients reach first, by hour, and the others in their order; null: nothing follows the sun."
  value = var.sun == null ? null : {
    resource_group = azurerm_resource_group.global.name
    profile        = "afd-${local.prefix}"
    origin_group   = "api"
    regions        = var.regions
    by_hour        = module.sun.by_hour
  }
}

output "function_apps" {
  description = "For each region and app its name in Azure: what pipelines deploy to."
  value       = { for name, region in module.region : name => { for app, deployed in region.apps : app => deployed.name } }
}

output "settings" {
  description = "For each region and app the names of its settings: a plan may not know the values yet."
  value       = { for name, region in module.region : name => { for app, deployed in region.apps : app => deployed.settings } }
}

output "resource_groups" {
  description = "Resource groups: global, data and one for each region."
  value = merge(
    { global = azurerm_resource_group.global.name, data = azurerm_resource_group.data.name },
    { for name in var.regions : name => "rg-${module.regional_naming[name].prefix}" }
  )
}

output "runbooks" {
  description = "The pages in this repository that alerts lead to."
  value       = module.monitoring.runbooks
}

output "objectives" {
  description = "What is promised, of how many things out of a hundred, and the query that tells good from bad."
  value       = module.monitoring.objectives
}

output "dashboard" {
  description = "The queries of the dashboard, by the titles of its parts."
  value       = module.monitoring.dashboard
}
