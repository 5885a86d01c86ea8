variable "subscription_id" {
  description = "Where it is made; TF_VAR_subscription_id."
  type        = string
}

variable "name" {
  description = "dev, or dev-<you> for an environment of your own."
  type        = string
  default     = "dev"

  validation {
    condition     = can(regex("^dev(-[a-z0-9]{1,12})?$", var.name))
    error_message = "name is dev, or dev- and up to 12 lower-case letters and digits."
  }
}

variable "regions" {
  type    = list(string)
  default = ["westeurope"]
}

variable "groups" {
  description = "Object ids of the Entra groups by role."
  type        = map(list(string))
  default     = {}
}

variable "apps_deployed" {
  description = "False for the very first apply; see docs/deploying.md."
  type        = bool
  default     = true
}

variable "notify" {
  type = map(object({ emails = list(string), webhooks = optional(list(string), []) }))
  default = {
    duty   = { emails = ["platform-dev@example.com"] }
    office = { emails = ["platform-dev@example.com"] }
  }
}

variable "repository_url" {
  type    = string
  default = "https://example.com/iommi"
}
