variable "environment" {
  type = string
}

variable "prefix" {
  type = string
}

variable "subscription_id" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "location" {
  description = "Where telemetry is kept."
  type        = string
}

variable "tags" {
  type = map(string)
}

variable "apps" {
  description = "The apps, as modules/catalogue has them."
  type        = any
}

variable "operations" {
  description = "The operations of all contracts."
  type        = any
}

variable "alerts" {
  description = "Whether anybody wants to be told."
  type        = bool
}

variable "gateway_logs" {
  description = "Whether API Management writes its own log."
  type        = bool
}

variable "objectives" {
  description = "What terraform/objectives.json says."
  type        = any
}

variable "retention_days" {
  type = number
}

variable "daily_quota_gb" {
  description = "Telemetry per day at which the workspace stops taking more; -1: no end."
  type        = number
}

variable "notify" {
  description = "Who is told: duty (woken at night) and office (reads it in the morning)."
  type        = map(object({ emails = list(string), webhooks = optional(list(string), []) }))

  validation {
    condition     = toset(keys(var.notify)) == toset(["duty", "office"])
    error_message = "notify has exactly duty and office."
  }
}

variable "channels" {
  description = "The addresses of the teams' channels, by team."
  type        = map(string)
}

variable "budget_per_month" {
  description = "In the subscription's currency."
  type        = number
}

variable "repository_url" {
  description = "Where this repository can be read: alerts lead to pages in it."
  type        = string
}

variable "cosmos_id" {
  type = string
}

variable "storage_id" {
  type = string
}

variable "event_hubs_ids" {
  description = "The namespace of event hubs, or nothing."
  type        = list(string)
}

variable "event_capture" {
  description = "Whether events are captured."
  type        = bool
}

variable "front_door_ids" {
  description = "The Front Door, or nothing."
  type        = list(string)
}

variable "content_safety_ids" {
  description = "Content Safety by region."
  type        = map(string)
}
