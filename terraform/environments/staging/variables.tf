variable "subscription_id" {
  description = "Where it is made; TF_VAR_subscription_id."
  type        = string
}

variable "regions" {
  description = "Where the platform runs; the first one writes. Another region: another word at the end."
  type        = list(string)
}

variable "active_region" {
  description = "Where events of new photos go; null: the first region. See docs/regions.md."
  type        = string
  default     = null
}

variable "drained" {
  description = "Regions that get no traffic. See docs/regions.md."
  type        = set(string)
  default     = []
}

variable "deploy_from" {
  description = "Addresses (CIDR) of the machines that deploy."
  type        = list(string)

  validation {
    condition     = length(var.deploy_from) > 0
    error_message = "deploy_from names the addresses of the build agents; with none, anybody could knock at the deployment end points."
  }
}

variable "customers" {
  description = "Who issues the access tokens of our customers' clients."
  type        = object({ openid_configuration = string, issuer = string, audiences = list(string) })
}

variable "products" {
  description = "What client developers subscribe to, with its limits."
  type = map(object({
    name             = string
    description      = string
    approval         = bool
    calls_per_minute = number
    calls_per_day    = number
  }))
}

variable "groups" {
  description = "Object ids of the Entra groups of our people by role: Moderator, Operator."
  type        = map(list(string))
}

variable "partners" {
  description = "Object ids of partners' service principals by name: mainframe."
  type        = map(string)
  default     = {}
}

variable "web_origins" {
  description = "Web pages from which photos are uploaded."
  type        = list(string)
}

variable "apps_deployed" {
  description = "False for the very first apply; see docs/deploying.md."
  type        = bool
  default     = true
}

variable "notify" {
  description = "Who is told: duty (woken at night) and office (reads it in the morning)."
  type        = map(object({ emails = list(string), webhooks = optional(list(string), []) }))
}

variable "repository_url" {
  type    = string
  default = "https://example.com/iommi"
}
