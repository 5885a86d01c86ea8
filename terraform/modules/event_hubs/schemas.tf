# The registry's group of schemas. Standard has one besides the default: it takes JSON, as our events do
# (docs/decisions/0041), and compares nothing, which `cargo xtask schemas` has done before. Made with azapi: azurerm has no
# argument for the properties of a group.

resource "azapi_resource" "schemas" {
  type      = "Microsoft.EventHub/namespaces/schemagroups@2025-05-01-preview"
  name      = "events"
  parent_id = azurerm_eventhub_namespace.this.id

  body = {
    properties = {
      schemaType          = "Json"
      schemaCompatibility = "None"
      # Whom to ask. Who owns a type stands in its release.json.
      groupProperties = {
        team    = var.platform_team.name
        owner   = var.platform_team.security_group
        channel = var.platform_team.channel
      }
    }
  }

  ignore_missing_property = true
  response_export_values  = []
}

# Only whoever applies registers (pipelines/steps/register-schemas.sh): what an app or a person registered would be there
# for good.
resource "azurerm_role_assignment" "registers" {
  for_each = var.owners

  scope = azurerm_eventhub_namespace.this.id
  # Schema Registry Contributor, by its id: its name says "(Preview)" as long as Microsoft likes.
  role_definition_id = "/subscriptions/${split("/", azurerm_eventhub_namespace.this.id)[2]}/providers/Microsoft.Authorization/roleDefinitions/5dffeca3-4936-4216-b2bc-10343a5abb25"
  principal_id       = each.key
  principal_type     = "ServicePrincipal"
  description        = "registers released schemas"
}
