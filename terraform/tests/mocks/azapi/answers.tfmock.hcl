# What Azure would answer: what takes a resource id refuses anything that does not look like one.

mock_resource "azapi_resource" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Web/sites/func"
  }
}

mock_resource "azapi_update_resource" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Web/sites/func/config/web"
  }
}

mock_data "azapi_resource" {
  defaults = {
    exists = true
  }
}
