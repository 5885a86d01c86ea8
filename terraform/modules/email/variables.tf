variable "prefix" {
  description = "Start of all names."
  type        = string
}

variable "unique" {
  description = "End of names that are unique in all of Azure."
  type        = string
}

variable "resource_group_name" {
  type = string
}

variable "data_location" {
  description = "The part of the world in which mails are kept while they are on their way, in Azure's words."
  type        = string
}

variable "domain" {
  description = "The domain that mails come from; null: one of Azure's."
  type        = string

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}$", var.domain))
    error_message = "email_domain is a domain in lower case, such as mail.example.com, or null."
  }
}

variable "senders" {
  description = "The principals that may send, by app."
  type        = map(string)
}

variable "tags" {
  type = map(string)
}
