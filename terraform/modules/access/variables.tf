variable "apps" {
  description = "The apps, as modules/catalogue has them."
  type        = any
}

variable "identities" {
  description = "The apps' identities."
  type        = map(object({ id = string, principal_id = string, client_id = string }))
}

variable "resource_group_name" {
  description = "Where the Cosmos DB account is."
  type        = string
}

variable "cosmos" {
  description = "The account."
  type        = object({ id = string, name = string })
}

variable "storage_id" {
  type = string
}

variable "queue_ids" {
  type = map(string)
}

variable "container_ids" {
  type = map(string)
}

variable "hub_ids" {
  description = "Event hubs by name: their ids."
  type        = map(string)
}

variable "secret_ids" {
  type = map(string)
}

variable "insights_id" {
  type = string
}

variable "partners" {
  description = "Object ids of partners' service principals by the name that an app's file gives them."
  type        = map(string)
}
