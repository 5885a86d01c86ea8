variable "prefix" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "tags" {
  type = map(string)
}

variable "sku" {
  description = "Standard_AzureFrontDoor or Premium_AzureFrontDoor (with Microsoft's rule sets)."
  type        = string
}

variable "probe" {
  description = "The route that says whether a region is ready, from the public API's contract."
  type        = string
}

variable "gateways" {
  description = "API Management by region."
  type        = map(object({ id = string, host_name = string }))
}

variable "surfaces" {
  description = "The apps with pages for our people: each gets a host name."
  type        = set(string)
}

variable "staff" {
  description = "The pages of our people: for each app its probe, and its host name by region."
  type        = map(object({ probe = string, origins = map(string) }))
}

variable "priorities" {
  description = "In which order clients are sent to the regions; empty: to the nearest."
  type        = map(number)
  default     = {}
}

variable "drained" {
  description = "Regions that get no traffic, for a fail-over by hand or a rehearsal."
  type        = set(string)
}

variable "requests_per_minute_and_address" {
  description = "More from one address are refused. An office or a load test (50 a second) is one address; a client is bounded by its product."
  type        = number
  default     = 6000
}

variable "signed_paths" {
  description = "Paths whose callers sign what they send (x-signed in the contract): another company's servers, which are one address."
  type        = list(string)
}

variable "signed_requests_per_minute" {
  description = "More from one address to these paths are refused."
  type        = number
}

variable "rule_sets_block" {
  description = "Whether Microsoft's rule sets refuse; else they only log. To be turned on when the log shows no customer in it."
  type        = bool
  default     = false
}

variable "workspace_id" {
  type = string
}
