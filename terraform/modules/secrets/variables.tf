variable "name" {
  type = string
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

variable "tenant_id" {
  type = string
}

variable "keys" {
  description = "Settings whose value is a random key."
  type        = set(string)
}

variable "agreed" {
  description = "Settings whose value is agreed with another company, and put into the vault by people."
  type        = set(string)

  validation {
    condition     = length(setintersection(var.keys, var.agreed)) == 0
    error_message = "A secret is made here or agreed with others, not both: ${join(", ", setintersection(var.keys, var.agreed))}."
  }
}

variable "public_network_access" {
  type = bool
}

variable "deploy_from" {
  description = "Addresses (CIDR) of the machines that apply."
  type        = list(string)
}

variable "workspace_id" {
  type = string
}
