variable "name" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "home" {
  description = "Where the account itself lies, whichever region writes."
  type        = string
}

variable "regions" {
  description = "The regions in the order of failover; the first one writes."
  type        = list(string)
}

variable "tags" {
  type = map(string)
}

variable "apps" {
  description = "The apps, as modules/catalogue has them."
  type        = any
}

variable "throughput" {
  description = "Autoscale maxima in RU/s: of each database, which its containers share, and of each container of its own; null: serverless."
  type        = object({ shared = number, dedicated = number })
}

variable "zone_redundant" {
  type = bool
}

variable "backup_tier" {
  description = "Continuous7Days or Continuous30Days: how far back a restore reaches."
  type        = string
}

variable "public_network_access" {
  description = "Whether the account can be reached other than by private endpoints."
  type        = bool
}

variable "workspace_id" {
  type = string
}
