# What cannot be made again by a deploy must not go by accident. To remove one on purpose: docs/deploying.md.

variable "scopes" {
  description = "What may not be deleted, by name."
  type        = map(string)
}

resource "azurerm_management_lock" "this" {
  for_each = var.scopes

  name       = "keep-${each.key}"
  scope      = each.value
  lock_level = "CanNotDelete"
  notes      = "Holds customers' data or keys. Remove the lock only together with the environment: docs/deploying.md."
}
