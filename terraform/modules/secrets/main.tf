# The few secrets that no identity can replace: keys with which the apps seal page tokens and forms, and what is agreed
# with other companies. Made here and handed to the vault as write-only values, so that neither the plan nor the state ever
# holds them. Until people put in what was agreed, that is random as well: nobody has it, so it opens nothing. Whoever applies may
# write secrets by a role at the subscription (docs/deploying.md): one that is given here would come minutes too late, and
# be replaced by whoever applies next.

resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV2_AZURE_32: the private endpoints are made by modules/network, where the environment has a network
  name                          = var.name
  resource_group_name           = var.resource_group_name
  location                      = var.location
  tenant_id                     = var.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = var.public_network_access || length(var.deploy_from) > 0
  tags                          = var.tags

  network_acls {
    bypass         = "AzureServices"
    default_action = var.public_network_access ? "Allow" : "Deny"
    ip_rules       = var.deploy_from
  }
}

resource "azurerm_key_vault_secret" "key" {
  #checkov:skip=CKV_AZURE_41: keys are changed on purpose (docs/deploying.md), not by date: an expired one would stop every app
  for_each = merge(
    { for key in var.keys : key => "32 random bytes in base64; several separated by commas, the first seals" },
    { for key in var.agreed : key => "agreed with others, put in by people; random at first: docs/deploying.md, Keys and locks" }
  )

  name         = lower(replace(each.key, "_", "-"))
  key_vault_id = azurerm_key_vault.this.id
  content_type = each.value
  tags         = var.tags

  # Two random UUIDs carry 244 random bits; their SHA-256 is a key of 32 bytes.
  value_wo         = base64sha256("${uuid()}${uuid()}")
  value_wo_version = 1
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_key_vault.this.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "AuditEvent"
  }
}
