variable "environment" {
  description = "production, staging or dev, as in the name of the file; dev-<you> for an environment of your own (../dev)."
  type        = string

  validation {
    condition     = can(regex("^(production|staging|dev(-[a-z0-9]{1,12})?)$", var.environment))
    error_message = "environment is production, staging, dev, or dev- and up to 12 lower-case letters and digits."
  }
}

variable "subscription_id" {
  description = "Where it is made; TF_VAR_subscription_id."
  type        = string
}

variable "regions" {
  description = "Where the platform runs, in the order of failover; the first one writes. Another region: another word at the end."
  type        = list(string)
}

variable "home" {
  description = "Where what is there once lies: groups, identities, accounts, vault. Chosen once and never changed: all of it would be made anew, and empty."
  type        = string
}

variable "telemetry_region" {
  description = "Where telemetry is kept and alerts are. Never changed: what was kept would go."
  type        = string
}

variable "active_region" {
  description = "Where Event Grid's events go and where event hubs are read; null: home. See docs/regions.md."
  type        = string
  default     = null
}

variable "drained" {
  description = "Regions that get no traffic. See docs/regions.md."
  type        = set(string)
  default     = []
}

variable "sun" {
  description = "Which region takes orders' work and clients' requests at which hours, in UTC: \"22-10 southeastasia, 10-22 westeurope\"; null: all regions, at all hours. See docs/regions.md."
  type        = string
  default     = null
}

variable "throughput" {
  description = "Autoscale maxima of Cosmos DB in RU/s, of each app's database and of each container of its own; null: serverless, for one region only."
  type        = object({ shared = number, dedicated = number })
}

variable "zone_redundant" {
  description = "Whether a region outlives the loss of a data centre."
  type        = bool
}

variable "backup_tier" {
  description = "Continuous7Days or Continuous30Days: how far back documents can be had back."
  type        = string
}

variable "data_replication" {
  description = "LRS, or RAGRS, RAGZRS where queues and photos must outlive their region."
  type        = string
}

variable "event_units" {
  description = "How far the namespace of event hubs inflates, in throughput units: 1 MB or 1,000 events a second come in for each, which is paid for by the hour once it is there."
  type        = number
}

variable "event_capture" {
  description = "Whether event hubs that ask for it are captured, which is paid for by the hour (docs/cost.md); without it the lake stays empty."
  type        = bool
}

variable "private_network" {
  description = "Whether data and apps are reached by private endpoints only."
  type        = bool
}

variable "deploy_from" {
  description = "Addresses (CIDR) of the machines that deploy."
  type        = list(string)

  validation {
    condition     = length(var.deploy_from) > 0 || startswith(var.environment, "dev")
    error_message = "deploy_from names the addresses of the build agents; with none, anybody could knock at the deployment end points."
  }
}

variable "front_door_sku" {
  description = "Standard_AzureFrontDoor, Premium_AzureFrontDoor (with Microsoft's rule sets), or null for none."
  type        = string
}

variable "gateway_sku" {
  description = "API Management: Consumption_0, StandardV2_<units> or PremiumV2_<units>."
  type        = string
}

variable "customers" {
  description = "Who issues the access tokens of our customers' clients; null: nobody, and only product keys are asked for."
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

variable "maximum_instances" {
  description = "Upper limit of instances of any app in a region; an app's own limit may be lower."
  type        = number
}

variable "always_ready" {
  description = "Whether instances wait for work where an app asks for that; each is paid for around the clock (docs/cost.md)."
  type        = bool
}

variable "email_domain" {
  description = "The domain that mails come from, whose owner we are; null: one of Azure's, for a few mails an hour (docs/deploying.md, Mails)."
  type        = string
  default     = null
}

variable "card_network_url" {
  description = "Where the card network's processor is called: https, with a slash at the end. The environment's owner sets it."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*$", var.card_network_url))
    error_message = "card_network_url is https://, a host name and a path that ends with a slash, without user, query or fragment: https://processor.example.com/."
  }
}

variable "bank_url" {
  description = "Where the bank's interface is called: https, with a slash at the end. The environment's owner sets it."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*$", var.bank_url))
    error_message = "bank_url is https://, a host name and a path that ends with a slash, without user, query or fragment: https://api.bank.example.com/."
  }
}

variable "vendor_url" {
  description = "Where the vendor is called, who delivers what is sold: https, with a slash at the end. The environment's owner sets it."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*$", var.vendor_url))
    error_message = "vendor_url is https://, a host name and a path that ends with a slash, without user, query or fragment: https://vendor.example.com/."
  }
}

variable "bank_issuer" {
  description = "What the bank calls itself in the answers of its authorisation server (RFC 9207, iss)."
  type        = string

  validation {
    condition     = can(regex("^https://[^?#]+$", var.bank_issuer))
    error_message = "bank_issuer is an https:// URL without query or fragment, exactly as the bank's metadata say: https://bank.example.com."
  }
}

variable "seller" {
  description = "Who sells, as on invoices (docs/sales.md, *Invoices*): name, address, vatId, registration, email, code (how numbers begin), timeZone (a POSIX rule), iban, paymentDays."
  type = object({
    name         = string
    address      = object({ street = string, city = string, postalCode = string, country = string })
    vatId        = string
    registration = string
    email        = string
    code         = string
    timeZone     = string
    iban         = string
    paymentDays  = number
  })

  validation {
    condition     = can(regex("^[A-Z]{2,8}$", var.seller.code))
    error_message = "code is 2 to 8 capital letters: numbers of invoices begin with it, so it is for ever."
  }
}

variable "log_level" {
  description = "What the apps log."
  type        = string
}

variable "groups" {
  description = "Object ids of the Entra groups of our people by role: Moderator, Operator."
  type        = map(list(string))
}

variable "team_groups" {
  description = "Object ids of the teams' security groups in Entra, by the names that teams/ has for them: a team operates its own apps."
  type        = map(string)
  default     = {}
}

variable "owners" {
  description = "Object ids of the service principals that apply: owners of the registrations in Entra. Empty: whoever made them."
  type        = set(string)
  default     = []
}

variable "partners" {
  description = "Object ids of partners' service principals by name: mainframe, salesOffice. One that is not named has no rights."
  type        = map(string)
}

variable "web_origins" {
  description = "Web pages from which photos are uploaded."
  type        = list(string)
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
  description = "Who is told: duty (woken at night) and office (reads it in the morning)."
  type        = map(object({ emails = list(string), webhooks = optional(list(string), []) }))
}

variable "budget_per_month" {
  description = "In the subscription's currency."
  type        = number
}

variable "repository_url" {
  description = "Where this repository can be read: alerts lead to pages in it."
  type        = string
  default     = "https://example.com/iommi"
}

variable "locked" {
  description = "Whether data and keys are locked against deletion."
  type        = bool
}
