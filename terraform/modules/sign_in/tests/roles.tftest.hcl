# Who works in an app of two: those who operate all apps, and its own team.

mock_provider "azuread" {
  source = "../../tests/mocks/azuread"
}

variables {
  prefix               = "iommi-test"
  tenant_id            = "00000000-0000-0000-0000-0000000000aa"
  gateway_principal_id = "00000000-0000-0000-0000-0000000000c9"
  owners               = []
  identities           = { for name in ["bakery", "mill"] : name => { id = "x", principal_id = "00000000-0000-0000-0000-0000000000c1", client_id = "00000000-0000-0000-0000-0000000000c2" } }
  hosts                = { bakery = ["bakery.example.com"] }
  groups               = { Baker = ["00000000-0000-0000-0000-0000000000a1"], Operator = ["00000000-0000-0000-0000-0000000000a2"] }
  operators            = { bakery = ["00000000-0000-0000-0000-0000000000a3"], mill = ["00000000-0000-0000-0000-0000000000a4"] }

  apps = {
    bakery = { name = "bakery", purpose = "Bakes", called_by = [], people = [{ role = "Baker", page = "/bakery/" }, { role = "Operator", page = "/bakery/dead-letters" }] }
    mill   = { name = "mill", purpose = "Grinds", called_by = ["bakery"], people = [] }
  }
}

run "a_team_operates_its_own_apps_besides_those_who_operate_all" {
  command = plan

  assert {
    condition = toset(keys(azuread_app_role_assignment.group)) == toset([
      "bakery/Baker/00000000-0000-0000-0000-0000000000a1",
      "bakery/Operator/00000000-0000-0000-0000-0000000000a2",
      "bakery/Operator/00000000-0000-0000-0000-0000000000a3"
    ])
    error_message = "Its group is an operator, and no baker; an app without pages has nobody."
  }
}

run "who_operates_all_and_is_the_team_has_one_role" {
  command = plan

  variables {
    operators = { bakery = ["00000000-0000-0000-0000-0000000000a2"], mill = [] }
  }

  assert {
    condition     = length([for key in keys(azuread_app_role_assignment.group) : key if startswith(key, "bakery/Operator/")]) == 1
    error_message = "Entra refuses the second assignment of one role."
  }
}

run "an_app_is_called_by_the_gateway_and_by_whom_it_names" {
  command = plan

  assert {
    condition     = toset(keys(azuread_app_role_assignment.service)) == toset(["bakery/gateway", "mill/gateway", "mill/bakery"])
    error_message = "Nobody else gets a token."
  }
}
