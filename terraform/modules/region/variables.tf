variable "environment" {
  type = string
}

variable "subscription_id" {
  type = string
}

variable "location" {
  description = "The region."
  type        = string
}

variable "apps" {
  description = "The apps, as modules/catalogue has them."
  type        = any
}

variable "documents" {
  description = "For each API its OpenAPI document."
  type        = map(string)
}

variable "operations" {
  description = "The operations of all contracts."
  type        = any
}

variable "query_parameters" {
  description = "Query parameters whose values stay out of logs."
  type        = set(string)
}

variable "identities" {
  description = "The apps' identities."
  type        = map(object({ id = string, principal_id = string, client_id = string }))
}

variable "gateway_identity" {
  description = "The identity of API Management, the same in every region."
  type        = object({ id = string, principal_id = string, client_id = string })
}

variable "registrations" {
  description = "The apps' registrations in Entra."
  type        = map(object({ client_id = string, identifier_uri = string, tenant_id = string }))
}

variable "reads_hubs" {
  description = "Whether functions that event hubs call run here: in one region at a time."
  type        = bool
}

variable "host_storage_names" {
  description = "For each app the name of the account that its host has here: 3 to 24 lower-case letters and digits, unique in all of Azure."
  type        = map(string)
}

variable "secrets" {
  description = "For each key the value of a setting that refers to it."
  type        = map(string)
}

variable "platform" {
  description = "Where an app finds what all regions share, by the names of app.json: cosmosDb, blobs, queues, eventHubs, checkpoints, cardNetwork, logLevel."
  type        = map(string)
}

variable "page_hosts" {
  description = "For each app with pages the host names under which people open them: the app itself hears of its own name only."
  type        = map(list(string))
}

variable "shared_targets" {
  description = "What is shared by all regions and gets a private address in each."
  type        = map(object({ id = string, kind = string }))
}

variable "gateway" {
  description = "See modules/api_management."
  type        = any
}

variable "signed" {
  description = "See modules/api_management."
  type        = object({ calls_per_minute = number, body_bytes = number })
}

variable "maximum_instances" {
  type = number
}

variable "always_ready" {
  description = "Whether instances wait for work where an app asks for that."
  type        = bool
}

variable "zone_redundant" {
  type = bool
}

variable "private_network" {
  type = bool
}

variable "front_door" {
  description = "The Front Door that all requests come by; null: none."
  type        = object({ guid = string })
}

variable "deploy_from" {
  type = list(string)
}

variable "insights" {
  description = "Application Insights: its id and connection string."
  type        = object({ id = string, connection_string = string })
}

variable "workspace_id" {
  type = string
}
