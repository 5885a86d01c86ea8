variable "name" {
  description = "Of the namespace: 6 to 50 letters, digits and dashes, unique in all of Azure."
  type        = string
}

variable "resource_group_name" {
  type = string
}

variable "location" {
  type = string
}

variable "tags" {
  type = map(string)
}

variable "hubs" {
  description = "The hubs by name, as modules/catalogue has them: partitions, hours, team, capture (or null), groups with their teams."
  type = map(object({
    partitions = number
    hours      = number
    team       = string
    capture    = object({ container = string, seconds = number, bytes = number })
    groups     = map(string)
  }))
}

variable "capture" {
  description = "Whether hubs that ask for it are captured: it is paid for by the hour."
  type        = bool
}

variable "maximum_throughput_units" {
  description = "How far the namespace inflates: 1 MB or 1,000 events a second come in for each unit."
  type        = number

  validation {
    condition     = var.maximum_throughput_units >= 1 && var.maximum_throughput_units <= 40 && floor(var.maximum_throughput_units) == var.maximum_throughput_units
    error_message = "maximum_throughput_units is 1 to 40: what the Standard tier has."
  }
}

variable "storage_id" {
  description = "The account with the containers that are captured into."
  type        = string
}

variable "container_ids" {
  description = "Blob containers by name: their ids, so that they are there before the hubs."
  type        = map(string)
}

variable "platform_team" {
  description = "Who answers for the registry."
  type        = object({ name = string, security_group = string, channel = string })
}

variable "owners" {
  description = "Object ids of the service principals that apply."
  type        = set(string)
}

variable "public_network_access" {
  description = "Whether the namespace can be reached other than by private endpoints. Never without a token."
  type        = bool
}

variable "deploy_from" {
  description = "Addresses (CIDR) of the machines that register schemas, where it cannot."
  type        = list(string)
}

variable "workspace_id" {
  type = string
}
