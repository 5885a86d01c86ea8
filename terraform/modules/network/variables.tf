variable "prefix" {
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

variable "address_space" {
  description = "A /20 or larger. Networks of regions are not joined, so they may be the same."
  type        = string
  default     = "10.20.0.0/20"
}

variable "before_apps" {
  description = "What gets a private address here before there are apps, as targets has it."
  type        = map(object({ id = string, kind = string }))
}

variable "targets" {
  description = "What gets a private address here, by name: its id and the kind of endpoint (blob, queue, Sql, vault, namespace, sites, account)."
  type        = map(object({ id = string, kind = string }))
}
