# One convention for names and tags: <kind>-iommi-<environment>[-<region>][-<subject>]. Names that are unique in all
# of Azure end with five characters made from subscription and environment; names without dashes (storage) are
# shortened and end with five made from the whole name.

variable "environment" {
  description = "production, staging, dev or dev-<name>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,14}[a-z0-9]$", var.environment))
    error_message = "An environment's name has 3 to 16 lower-case letters, digits and dashes, such as dev-kim."
  }
}

variable "region" {
  description = "The region, or null for what is global."
  type        = string
  default     = null
}

variable "subscription_id" {
  description = "The subscription; part of what makes global names unique."
  type        = string
}

locals {
  # westeurope -> weu, eastus2 -> eus2, southeastasia -> seas
  words  = { south = "s", north = "n", east = "e", west = "w", central = "c", europe = "eu", asia = "as", australia = "au", japan = "jp" }
  region = var.region == null ? "" : join("", [for part in regexall("${join("|", keys(local.words))}|[a-z0-9]", var.region) : lookup(local.words, part, part)])

  parts  = compact(["iommi", var.environment, local.region])
  suffix = substr(sha1("${var.subscription_id}/${var.environment}"), 0, 5)
}

output "prefix" {
  description = "What stands between the kind and the subject: \"rg-$${prefix}-data\"."
  value       = join("-", local.parts)
}

output "unique" {
  description = "Five characters for names that must be unique in all of Azure."
  value       = local.suffix
}

output "short" {
  description = "The region in short, such as weu."
  value       = local.region
}

output "compact" {
  description = "Start of names of at most 24 letters and digits: \"st$${compact}…\"."
  value       = "${substr(replace(var.environment, "-", ""), 0, 7)}${substr(local.region, 0, 4)}"
}

output "tags" {
  description = "The tags of every resource. The budget filters by them."
  value = {
    system      = "iommi"
    environment = var.environment
    managed_by  = "terraform"
    repository  = "iommi-customer-platform"
    # What all share; what belongs to one app has its team's name over it.
    team = "platform"
  }
}
