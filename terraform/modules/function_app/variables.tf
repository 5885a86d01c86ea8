variable "name" {
  description = "Unique in all of Azure: the host name is <name>.azurewebsites.net."
  type        = string
}

variable "prefix" {
  type = string
}

variable "host_storage" {
  description = "The account where the host keeps packages, keys and locks; nobody else uses it."
  type        = object({ id = string, name = string, blob_endpoint = string })
}

variable "resource_group_name" {
  type = string
}

variable "resource_group_id" {
  description = "The same group, as the API wants it."
  type        = string
}

variable "location" {
  type = string
}

variable "tags" {
  type = map(string)
}

variable "app" {
  description = "The app, as modules/catalogue has it."
  type        = any
}

variable "identity" {
  description = "The app's own user-assigned identity, the same in every region."
  type        = object({ id = string, principal_id = string, client_id = string })
}

variable "sign_in" {
  description = "The app's registration in Entra."
  type        = object({ client_id = string, identifier_uri = string, tenant_id = string })
}

variable "settings" {
  description = "What the handler reads."
  type        = map(string)
}

variable "idle_functions" {
  description = "Functions that are not called here, because another region does their work."
  type        = set(string)
  default     = []
}

variable "maximum_instances" {
  description = "The environment's upper limit of instances."
  type        = number
}

variable "always_ready" {
  description = "Whether instances wait for work where the app asks for that; else everything starts with the first request."
  type        = bool
}

variable "zone_redundant" {
  type = bool
}

variable "network" {
  description = "The subnet to call from; null: no private network."
  type        = object({ subnet_id = string })
}

variable "front_door" {
  description = "The Front Door from which our people's pages come; null: none."
  type        = object({ guid = string })
}

variable "deploy_from" {
  description = "Addresses (CIDR) that may deploy; empty: anybody with the role."
  type        = list(string)
}

variable "insights_connection_string" {
  type = string
}

variable "workspace_id" {
  type = string
}
