variable "environment" {
  description = "production, staging, dev or dev-<name>: part of every name and tag."
  type        = string
}

variable "subscription_id" {
  type = string
}

variable "regions" {
  description = "Where the platform runs, in the order of failover: the first one writes documents. Add at the end."
  type        = list(string)

  validation {
    condition     = length(var.regions) > 0 && length(distinct(var.regions)) == length(var.regions)
    error_message = "regions names each region once, and at least one."
  }
}

variable "home" {
  description = "Where what is there once lies: groups, identities, accounts, vault. Chosen once and never changed: all of it would be made anew, and empty."
  type        = string

  validation {
    condition     = contains(var.regions, var.home)
    error_message = "home is one of regions: it stays when the order of failover changes."
  }
}

variable "telemetry_region" {
  description = "Where telemetry is kept and alerts are: not home where there is another, so that it is not lost with it. Never changed: what was kept would go."
  type        = string
}

variable "active_region" {
  description = "Where Event Grid's events go and where event hubs are read; null: home. Another one after a failover."
  type        = string
  default     = null

  validation {
    condition     = var.active_region == null || contains(var.regions, coalesce(var.active_region, "-"))
    error_message = "active_region is one of regions."
  }
}

variable "sun" {
  description = "Which region is at work at which hours, see modules/sun; null: all are, at all hours."
  type        = string
  default     = null

  validation {
    condition     = var.sun == null || var.front_door_sku != null
    error_message = "Work follows the sun where clients do: that takes a front door."
  }
}

variable "drained" {
  description = "Regions that get no traffic."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.regions, var.drained)) > 0
    error_message = "At least one region must be left."
  }
}

variable "functions_folder" {
  description = "Where the apps are."
  type        = string
}

variable "teams_folder" {
  description = "The folder with a file for each team."
  type        = string
}

variable "crates_folder" {
  description = "Where the parts of contracts are that apps share."
  type        = string
}

variable "throughput" {
  description = "Autoscale maxima of Cosmos DB in RU/s, of each database and of each container of its own; null: serverless, for one region only."
  type        = object({ shared = number, dedicated = number })

  validation {
    condition     = var.throughput != null || length(var.regions) == 1
    error_message = "A serverless Cosmos DB account has one region: give throughput, or one region."
  }
}

variable "always_ready" {
  description = "Whether instances wait for work where an app asks for that (`alwaysReady` in its app.json)."
  type        = bool
}

variable "zone_redundant" {
  type = bool
}

variable "backup_tier" {
  description = "Continuous7Days or Continuous30Days."
  type        = string
}

variable "event_units" {
  description = "How far the namespace of event hubs inflates, in throughput units. See modules/event_hubs."
  type        = number
}

variable "event_capture" {
  description = "Whether event hubs that ask for it are captured; without it the lake stays empty."
  type        = bool
}

variable "data_replication" {
  description = "ZRS, or RAGZRS where queues and photos must outlive their region."
  type        = string
}

variable "private_network" {
  description = "Whether data and apps are reached by private endpoints only."
  type        = bool
}

variable "deploy_from" {
  description = "Addresses (CIDR) of the machines that deploy; empty: anybody with the role."
  type        = list(string)
  default     = []
}

variable "front_door_sku" {
  description = "Standard_AzureFrontDoor, Premium_AzureFrontDoor, or null for none."
  type        = string
}

variable "gateway" {
  description = "API Management: SKU, publisher, who issues customers' tokens, products with their limits. See modules/api_management."
  type = object({
    sku       = string
    publisher = object({ name = string, email = string })
    customers = object({ openid_configuration = string, issuer = string, audiences = list(string) })
    products = map(object({
      name             = string
      description      = string
      approval         = bool
      calls_per_minute = number
      calls_per_day    = number
    }))
  })
}

variable "maximum_instances" {
  description = "Upper limit of instances of any app in a region; an app's own limit may be lower."
  type        = number
}

variable "log_level" {
  description = "What the apps log: error, warn, info, debug or trace, or by target."
  type        = string
}

variable "email_domain" {
  description = "The domain that mails come from, whose owner we are; null: one of Azure's, for a few mails an hour."
  type        = string
  default     = null
}

variable "email_data_location" {
  description = "The part of the world in which mails are kept while they are on their way, in Azure's words: Europe."
  type        = string
  default     = "Europe"
}

variable "card_network_url" {
  description = "Where the card network's processor is called."
  type        = string
}

variable "bank_url" {
  description = "Where the bank's interface is called."
  type        = string
}

variable "vendor_url" {
  description = "Where the vendor is called, who delivers what is sold."
  type        = string
}

variable "bank_issuer" {
  description = "What the bank calls itself in the answers of its authorisation server."
  type        = string
}

variable "seller" {
  description = "Who sells, as on invoices."
  type        = any
}

variable "groups" {
  description = "Object ids of the Entra groups of our people by role: Moderator, Operator."
  type        = map(list(string))
}

variable "team_groups" {
  description = "Object ids of the teams' security groups in Entra, by the names that teams/ has for them. A team without an id operates nothing."
  type        = map(string)
  default     = {}
}

variable "owners" {
  description = "Object ids of the service principals that apply: owners of the registrations in Entra. Empty: whoever made them."
  type        = set(string)
  default     = []
}

variable "partners" {
  description = "Object ids of partners' service principals by name: mainframe, salesOffice."
  type        = map(string)
  default     = {}
}

variable "web_origins" {
  description = "Web pages from which photos are uploaded."
  type        = list(string)
  default     = []
}

variable "alerts" {
  description = "Whether anybody wants to be told when something fails. Each rule costs something."
  type        = bool
  default     = true
}

variable "objectives_file" {
  description = "What is promised for each API and each pipeline, over how many days (docs/decisions/0050)."
  type        = string
}

variable "retention_days" {
  description = "How long telemetry is kept."
  type        = number
}

variable "daily_telemetry_gb" {
  description = "Telemetry per day at which the workspace stops taking more; -1: no end."
  type        = number
}

variable "notify" {
  description = "Who is told: duty and office."
  type        = map(object({ emails = list(string), webhooks = optional(list(string), []) }))
}

variable "budget_per_month" {
  description = "In the subscription's currency."
  type        = number
}

variable "repository_url" {
  description = "Where this repository can be read: alerts lead to pages in it."
  type        = string
}

variable "locked" {
  description = "Whether data and keys are locked against deletion."
  type        = bool
}
