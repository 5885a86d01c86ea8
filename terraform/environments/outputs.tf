output "entry" {
  description = "Where clients call."
  value       = module.platform.entry
}

output "people" {
  description = "Where our own people sign in, by app."
  value       = module.platform.people
}

output "sun" {
  description = "Whom clients reach first, by hour; null: nothing follows the sun."
  value       = module.platform.sun
}

output "function_apps" {
  description = "For each region and app its name in Azure: what pipelines deploy to."
  value       = module.platform.function_apps
}

output "settings" {
  description = "For each region and app the names of its settings."
  value       = module.platform.settings
}

output "resource_groups" {
  description = "Resource groups: global, data and one for each region."
  value       = module.platform.resource_groups
}

output "runbooks" {
  description = "The pages in this repository that alerts lead to."
  value       = module.platform.runbooks
}

output "objectives" {
  description = "What is promised, of how many things out of a hundred, and the query that tells good from bad."
  value       = module.platform.objectives
}

output "dashboard" {
  description = "The queries of the dashboard, by the titles of its parts."
  value       = module.platform.dashboard
}
