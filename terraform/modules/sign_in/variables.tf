variable "prefix" {
  type = string
}

variable "tenant_id" {
  type = string
}

variable "apps" {
  description = "The apps, as modules/catalogue has them."
  type        = any
}

variable "identities" {
  description = "The apps' identities."
  type        = map(object({ id = string, principal_id = string, client_id = string }))
}

variable "gateway_principal_id" {
  description = "The identity of API Management."
  type        = string
}

variable "groups" {
  description = "Object ids of the Entra groups whose members have a role, by role."
  type        = map(list(string))
}

variable "operators" {
  description = "For each app the security group of its team, which operates it; more than one, or none."
  type        = map(list(string))
  default     = {}
}

variable "owners" {
  description = "Object ids of who may change the registrations: whoever applies, if only with Application.ReadWrite.OwnedBy. The same in every plan, so not who applies now."
  type        = set(string)
}

variable "hosts" {
  description = "The host names by which people reach an app."
  type        = map(list(string))
}
