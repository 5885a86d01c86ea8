variable "prefix" {
  type = string
}

variable "unique" {
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

variable "sku" {
  description = "Consumption_0, StandardV2_<units> or PremiumV2_<units>."
  type        = string

  validation {
    condition     = can(regex("^(Consumption_0|(Standard|Premium)V2_[0-9]+)$", var.sku))
    error_message = "The gateway's SKU is Consumption_0, StandardV2_<units> or PremiumV2_<units>."
  }
}

variable "publisher" {
  type = object({ name = string, email = string })
}

variable "customers" {
  description = "Who issues the access tokens of our customers' clients; null: nobody, and only product keys are asked for."
  type = object({
    openid_configuration = string
    issuer               = string
    audiences            = list(string)
  })
}

variable "products" {
  description = "What a client developer subscribes to, with its limits."
  type = map(object({
    name             = string
    description      = string
    approval         = bool
    calls_per_minute = number
    calls_per_day    = number
  }))
}

variable "signed" {
  description = "What the gateway takes from callers who have no key because they sign (x-signed in the contract): calls a minute from an address, and bytes of a body."
  type        = object({ calls_per_minute = number, body_bytes = number })
}

variable "identity" {
  description = "Who the gateway is to the apps."
  type        = object({ id = string, principal_id = string, client_id = string })
}

variable "documents" {
  description = "For each API (v1, credit/v1) its OpenAPI document."
  type        = map(string)
}

variable "operations" {
  description = "The operations of all contracts, each with its app."
  type        = any
}

variable "query_parameters" {
  description = "Query parameters whose values stay out of logs."
  type        = set(string)
}

variable "backends" {
  description = "The apps: id, URL, and the audience of tokens for them."
  type        = map(object({ id = string, url = string, audience = string }))
}

variable "network" {
  description = "The subnet to call from; null: no private network."
  type        = object({ subnet_id = string })
}

variable "front_door" {
  description = "The Front Door that all requests come by; null: none."
  type        = object({ guid = string })
}

variable "insights" {
  type = object({ id = string, connection_string = string })
}

variable "workspace_id" {
  type = string
}
