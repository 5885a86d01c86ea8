variable "sun" {
  description = "Which region is at work at which hours of the day, in UTC, such as \"22-10 southeastasia, 10-22 westeurope\"; null: all are, at all hours."
  type        = string

  # As functions/sales/src/domain/sun.rs reads it: every hour has exactly one region.
  validation {
    condition     = alltrue([for shift in split(",", coalesce(var.sun, "0-24 everywhere")) : can(regex("^\\s*([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-4]) +[a-z0-9]+\\s*$", shift))])
    error_message = "sun has hours and a region, separated by commas: \"22-10 southeastasia, 10-22 westeurope\", or \"0-24 westeurope\"."
  }
}

variable "regions" {
  description = "Where the platform runs, in the order of failover."
  type        = list(string)
}

variable "hour" {
  description = "The hour of the day, in UTC, for which the entry is asked; null: now."
  type        = number
  default     = null
}
