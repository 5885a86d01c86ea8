variable "name" {
  description = "3 to 24 lower-case letters and digits, unique in all of Azure."
  type        = string
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

variable "replication" {
  description = "LRS, ZRS, or GZRS/RAGZRS for what must outlive its region."
  type        = string
}

variable "containers" {
  type    = set(string)
  default = []
}

variable "queues" {
  type    = set(string)
  default = []
}

variable "versioning" {
  description = "Keep earlier versions of blobs."
  type        = bool
  default     = true
}

variable "keep_deleted_days" {
  description = "How long deleted blobs, containers and versions can be had back, in days."
  type        = number
  default     = 7
}

variable "lifecycle_days" {
  description = "Containers whose blobs go by themselves, with the days after their last change."
  type        = map(number)
  default     = {}
}

variable "retention_days" {
  description = "Containers whose blobs can be neither changed nor deleted, with the days from when each was written."
  type        = map(number)
  default     = {}
}

variable "browser_origins" {
  description = "Web pages that may PUT to a signed URL; empty: none."
  type        = list(string)
  default     = []
}

variable "public_network_access" {
  description = "Whether the account can be reached other than by private endpoints. Never without a token or a signed URL."
  type        = bool
}

variable "workspace_id" {
  description = "The Log Analytics workspace for metrics and the log of deletions."
  type        = string
}
