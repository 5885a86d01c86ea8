# The policies are text that only Azure runs, so what they must say is looked for in the text.

mock_provider "azurerm" {}

variables {
  prefix              = "iommi-test-weu"
  unique              = "00000"
  resource_group_name = "rg-iommi-test-weu"
  location            = "westeurope"
  tags                = {}
  sku                 = "StandardV2_1"
  publisher           = { name = "Iommi", email = "platform@example.com" }
  customers           = { openid_configuration = "https://customers.example.com/openid", issuer = "https://customers.example.com/", audiences = ["api"] }
  products            = { partner = { name = "Partner", description = "Others", approval = true, calls_per_minute = 600, calls_per_day = 1000 } }
  identity            = { id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id", principal_id = "00000000-0000-0000-0000-000000000001", client_id = "00000000-0000-0000-0000-000000000002" }
  documents           = { "v1" = "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\",\"version\":\"v1\"},\"paths\":{}}", "mill/v1" = "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\",\"version\":\"v1\"},\"paths\":{}}" }
  query_parameters    = ["email"]
  backends            = { bakery = { id = "x", url = "https://bakery.example.com", audience = "api://bakery" }, mill = { id = "y", url = "https://mill.example.com", audience = "api://mill" } }
  signed              = { calls_per_minute = 700, body_bytes = 9000 }
  network             = null
  front_door          = { guid = "11111111-1111-1111-1111-111111111111" }
  insights            = { id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Insights/components/appi", connection_string = "InstrumentationKey=x" }
  workspace_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"
  operations = [
    { id = "bakery-cake", app = "bakery", api = "v1", path = "/v1/cakes", method = "get", summary = "", open = false, signed = false, deprecated = "2026-01-31T00:00:00Z", sunset = "2026-12-31T23:59:59Z" },
    { id = "bakery-health", app = "bakery", api = "v1", path = "/v1/health", method = "get", summary = "", open = true, signed = false, deprecated = null, sunset = null },
    { id = "mill-flour", app = "mill", api = "mill/v1", path = "/mill/v1/flour", method = "get", summary = "", open = false, signed = false, deprecated = null, sunset = null },
    { id = "mill-weighed", app = "mill", api = "mill/v1", path = "/mill/v1/weighed", method = "post", summary = "", open = true, signed = true, deprecated = null, sunset = null },
    { id = "mill-till", app = "mill", api = null, path = "/counter/till", method = "get", summary = "", open = false, signed = false, deprecated = null, sunset = null }
  ]
}

run "only_operations_for_machines_are_open" {
  command = plan

  assert {
    condition     = strcontains(output.policies.v1, "new [] { \"bakery-health\",\"mill-weighed\" }.Contains(context.Operation.Id)")
    error_message = "Health is open, and what is signed; the cake is not."
  }

  assert {
    condition     = strcontains(output.policies.v1, "<validate-jwt ") && strcontains(output.policies.v1, "https://customers.example.com/openid")
    error_message = "Customers' tokens are checked."
  }
}

run "an_app_gets_the_gateways_token_in_the_place_of_the_clients" {
  command = plan

  assert {
    condition     = strcontains(output.policies.v1, "<set-backend-service backend-id=\"bakery-v1\" />\n        <authentication-managed-identity resource=\"api://bakery\" client-id=\"${var.identity.client_id}\" />")
    error_message = "The backend is called with the gateway's identity."
  }

  # The gateway has no system-assigned identity, which is what Azure takes where none is named.
  assert {
    condition = azurerm_api_management.this.identity[0].type == "UserAssigned" && alltrue(flatten([
      for policy in output.policies : [for token in regexall("<authentication-managed-identity [^>]*>", policy) : strcontains(token, "client-id=\"${var.identity.client_id}\"")]
    ]))
    error_message = "Each token names the identity that it is for."
  }

  assert {
    condition     = azurerm_api_management_backend.app["bakery-v1"].url == "https://bakery.example.com/v1"
    error_message = "The backend puts the version back in front of the path."
  }
}

run "an_app_whose_paths_begin_with_its_name_has_an_api_of_its_own" {
  command = plan

  assert {
    condition     = azurerm_api_management_api.public["mill/v1"].path == "mill" && azurerm_api_management_api.public["mill/v1"].version == "v1" && azurerm_api_management_api.public["v1"].path == ""
    error_message = "The API's path is the app's name, the version follows."
  }

  assert {
    condition     = keys(azurerm_api_management_backend.app) == ["bakery-v1", "mill-mill-v1"] && azurerm_api_management_backend.app["mill-mill-v1"].url == "https://mill.example.com/mill/v1"
    error_message = "An app is behind the APIs that it serves, and no other."
  }
}

run "a_client_cannot_say_who_it_is" {
  command = plan

  # Removed from every request to this gateway, whatever the operation: also from one that matches none.
  assert {
    condition = alltrue([
      for name in ["X-Iommi-Caller", "X_Iommi_Caller"] :
      strcontains(split("</inbound>", azurerm_api_management_policy.this.xml_content)[0], "<set-header name=\"${name}\" exists-action=\"delete\" />")
    ])
    error_message = "The service's policy removes the header."
  }

  # <base /> is where the service's policy runs.
  assert {
    condition = alltrue([
      for policy in output.policies : startswith(trimspace(split("<inbound>", policy)[1]), "<base />")
      ]) && alltrue([
      for product in azurerm_api_management_product_policy.this : startswith(trimspace(split("<inbound>", product.xml_content)[1]), "<base />")
    ])
    error_message = "The header is removed before anything else is done, so before it is set."
  }

  # One place sets it, behind the checks of key and token and for every operation that is not open.
  assert {
    condition = alltrue([
      for policy in output.policies : length(regexall("<set-header name=\"X-Iommi-Caller\"", policy)) == 1 &&
      length(regexall("(?s)Variables\\[\"open\"\\]\\)'>.*Subscription == null.*</validate-jwt>.*<set-header name=\"X-Iommi-Caller\" exists-action=\"override\">", policy)) == 1
    ])
    error_message = "The header is set from what was checked, by overriding."
  }

  assert {
    condition = alltrue([
      for operation in var.operations : operation.api == null || operation.open == strcontains(
        regex("new \\[\\] \\{ (.*?) \\}", output.policies[coalesce(operation.api, "v1")])[0], "\"${operation.id}\""
      )
    ])
    error_message = "Only what is open to everybody is called by nobody."
  }
}

run "without_customers_the_caller_is_whose_key_it_is" {
  command = plan

  variables {
    customers = null
  }

  assert {
    condition     = alltrue([for policy in output.policies : strcontains(policy, "<value>@(\"partner/\" + context.Subscription.Id)</value>")])
    error_message = "A partner, by the id of its subscription."
  }
}

run "whoever_signs_comes_without_a_key_and_within_bounds" {
  command = plan

  assert {
    condition     = strcontains(output.policies["mill/v1"], "new [] { \"bakery-health\",\"mill-weighed\" }.Contains(context.Operation.Id))' />")
    error_message = "It is open: no key, no token, and the app is told no caller."
  }

  # By the connection that Front Door saw: a client writes X-Forwarded-For as it likes.
  assert {
    condition     = strcontains(output.policies["mill/v1"], "<rate-limit-by-key calls=\"700\" renewal-period=\"60\" counter-key='@(\"signed/\" + context.Request.Headers.GetValueOrDefault(\"X-Azure-SocketIP\", \"\"))'")
    error_message = "So many calls a minute from an address."
  }

  assert {
    condition     = strcontains(output.policies["mill/v1"], "length > 9000") && strcontains(output.policies["mill/v1"], "code=\"413\"")
    error_message = "A body that says that it is longer is refused here."
  }

  assert {
    condition     = !strcontains(output.policies.v1, "rate-limit-by-key")
    error_message = "The others have their product's limits."
  }
}

run "consumption_counts_nobody_without_a_subscription" {
  command = plan

  variables {
    sku = "Consumption_0"
  }

  assert {
    condition     = !strcontains(output.policies["mill/v1"], "rate-limit-by-key") && strcontains(output.policies["mill/v1"], "length > 9000")
    error_message = "The policy is not there in this tier; the body's bound is."
  }
}

run "an_operation_that_will_go_says_so" {
  command = plan

  assert {
    condition     = strcontains(output.policies.v1, "DateTime.Parse(\"2026-01-31T00:00:00Z\")") && strcontains(output.policies.v1, "<value>Thu, 31 Dec 2026 23:59:59 GMT</value>")
    error_message = "Deprecation and Sunset come from the contract."
  }
}

run "requests_that_did_not_come_by_the_front_door_are_refused" {
  command = plan

  assert {
    condition     = strcontains(azurerm_api_management_policy.this.xml_content, "<check-header name=\"X-Azure-FDID\"") && strcontains(azurerm_api_management_policy.this.xml_content, "11111111-1111-1111-1111-111111111111")
    error_message = "The header of our own Front Door is asked for."
  }
}

run "a_refusal_is_a_problem_document_by_policies_that_are_allowed_there" {
  command = plan

  assert {
    condition     = length(regexall("<set-body>", replace(split("<on-error>", azurerm_api_management_policy.this.xml_content)[1], "/(?s)<return-response>.*?</return-response>/", ""))) == 0
    error_message = "set-body is allowed in on-error only within return-response."
  }

  assert {
    condition     = strcontains(split("<on-error>", azurerm_api_management_policy.this.xml_content)[1], "application/problem+json") && strcontains(split("<on-error>", azurerm_api_management_policy.this.xml_content)[1], "Retry-After")
    error_message = "A problem document, which says when to come again."
  }
}

run "no_log_has_a_query_string" {
  command = plan

  assert {
    condition = alltrue([
      for diagnostic in azurerm_api_management_diagnostic.this : length(setintersection(["email", "*"], [
        for masked in diagnostic.frontend_request[0].data_masking[0].query_params : masked.value if masked.mode == "Hide"
      ])) == 2 && diagnostic.frontend_request[0].body_bytes == 0 && !diagnostic.log_client_ip
    ])
    error_message = "Query strings, bodies and callers' addresses stay out of both logs."
  }
}

run "every_product_has_a_limit_of_subscriptions" {
  command = plan

  variables {
    products = {
      partner = { name = "Partner", description = "Others", approval = true, calls_per_minute = 600, calls_per_day = 1000 }
      trial   = { name = "Trial", description = "Try", approval = false, calls_per_minute = 10, calls_per_day = 100 }
    }
  }

  # azurerm looks only when it makes the product: a plan without one looks good.
  assert {
    condition     = alltrue([for product in azurerm_api_management_product.this : coalesce(product.subscriptions_limit, 0) > 0])
    error_message = "Approval without a limit is refused."
  }
}

run "limits_are_those_of_the_product" {
  command = plan

  assert {
    condition     = strcontains(azurerm_api_management_product_policy.this["partner"].xml_content, "<rate-limit calls=\"600\"") && strcontains(azurerm_api_management_product_policy.this["partner"].xml_content, "<quota calls=\"1000\"")
    error_message = "600 a minute, 1000 a day."
  }
}
