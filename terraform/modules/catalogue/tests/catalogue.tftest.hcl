# The catalogue reads a small bakery of its own, so that these tests say what it makes of any app.

variables {
  functions_folder = "../../tests/fixtures/functions"
  apps_folder      = "../../tests/fixtures/apps"
}

run "an_app_is_found_by_its_resources" {
  command = plan

  assert {
    condition     = keys(output.apps) == ["bakery"]
    error_message = "The only app is the bakery."
  }

  assert {
    condition     = output.apps.bakery.documents[0].ttl == 60 && output.apps.bakery.documents[0].unique_keys == [["/name"]]
    error_message = "Time to live and unique keys come from resources.json."
  }
}

run "triggers_and_outputs_say_what_an_app_touches" {
  command = plan

  assert {
    condition     = output.apps.bakery.reads_queues == toset(["orders"]) && output.apps.bakery.sends_queues == toset(["orders"])
    error_message = "The queue trigger reads orders, the output binding sends to it."
  }

  assert {
    condition     = output.queues == toset(["orders", "orders-poison"])
    error_message = "A queue that is read has a poison queue, declared or not."
  }

  assert {
    condition     = output.apps.bakery.subscriptions[0].event_types == ["Microsoft.Storage.BlobCreated"] && output.apps.bakery.subscriptions[0].attempts == 30
    error_message = "An event subscription has Event Grid's defaults."
  }
}

run "each_version_is_an_api_of_its_own_and_our_peoples_pages_are_none" {
  command = plan

  assert {
    condition     = keys(output.documents) == ["v1", "v2"]
    error_message = "v1 and v2 are public, /counter is not."
  }

  assert {
    condition     = keys(jsondecode(output.documents.v1).paths) == ["/cakes/{cakeId}"]
    error_message = "The gateway puts the version in front, so the paths are without it."
  }

  assert {
    condition     = jsondecode(output.documents.v1).paths["/cakes/{cakeId}"].get.operationId == "bakery-cake"
    error_message = "Operations have the app in front: two apps may use the same name."
  }

  assert {
    condition     = jsondecode(output.documents.v1).paths["/cakes/{cakeId}"].get.responses["200"].content["application/json"].schema["$ref"] == "#/components/schemas/bakery-Cake" && keys(jsondecode(output.documents.v1).components.schemas) == ["bakery-Cake"]
    error_message = "So do components, and what refers to them."
  }
}

run "query_parameters_are_known_so_that_logs_can_leave_them_out" {
  command = plan

  assert {
    condition     = output.query_parameters == toset(["flavour"])
    error_message = "flavour is the only query parameter."
  }
}
