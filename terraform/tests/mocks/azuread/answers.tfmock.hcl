# What Entra would answer.

mock_resource "azuread_application" {
  defaults = {
    id        = "/applications/00000000-0000-0000-0000-0000000000e1"
    client_id = "00000000-0000-0000-0000-0000000000e2"
  }
}

mock_resource "azuread_service_principal" {
  defaults = {
    object_id = "00000000-0000-0000-0000-0000000000e3"
  }
}
