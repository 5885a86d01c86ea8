output "regions" {
  description = "What stands for %SUN_REGION% in the names of queues: each region, or one word for all of them."
  value       = local.regions

  precondition {
    condition     = alltrue([for regions in local.having : length(regions) == 1])
    error_message = "sun gives each hour exactly one region, but ${join("; ", [for hour, regions in local.having : "hour ${hour} has ${length(regions) == 0 ? "none" : join(" and ", regions)}" if length(regions) != 1])}."
  }

  precondition {
    condition     = var.sun == null || length(setsubtract([for shift in local.shifts : shift.region], var.regions)) == 0
    error_message = "sun names regions that are not in `regions`: ${join(", ", setsubtract([for shift in local.shifts : shift.region], var.regions))}."
  }
}

output "schedule" {
  description = "What the apps read."
  value       = coalesce(var.sun, "0-24 everywhere")
}

output "of_region" {
  description = "For each region whose queues its hosts listen to."
  value       = { for region in var.regions : region => var.sun == null ? "everywhere" : region }
}

output "by_hour" {
  description = "Who is at work at each hour; empty: all are."
  value       = var.sun == null ? [] : [for regions in local.having : try(regions[0], "nobody")]
}

output "priorities" {
  description = "In which order the front door sends clients to the regions now, 1 to 5; empty: to the nearest."
  value       = var.sun == null ? {} : merge({ for place, region in var.regions : region => min(place + 2, 5) }, { (local.primary) = 1 })
}
