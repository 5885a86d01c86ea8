# The catalogue reads a small bakery and a mill of its own, so that these tests say what it makes of any app.

variables {
  functions_folder = "../../tests/fixtures/functions"
  crates_folder    = "../../tests/fixtures/crates"
  teams_folder     = "../../tests/fixtures/teams"
}

run "an_app_is_found_by_its_file" {
  command = plan

  assert {
    condition     = keys(output.apps) == ["bakery", "mill"]
    error_message = "Two apps: the bakery and the mill."
  }

  assert {
    condition     = output.apps.bakery.documents[0].ttl == 60 && output.apps.bakery.documents[0].unique_keys == [["/name"]] && output.apps.bakery.documents[0].indexes == ["/state/?"] && output.apps.bakery.documents[1].indexes == null
    error_message = "Time to live, unique keys and indexes come from app.json; without a list all is indexed."
  }

  assert {
    condition     = output.apps.bakery.lifecycle == { bakery-pictures = 30 } && output.apps.bakery.browsers == toset(["bakery-pictures"]) && output.containers == toset(["bakery-bills", "bakery-pictures", "mill-captured", "mill-undelivered"])
    error_message = "Blob containers have their age and their browsers."
  }

  assert {
    condition     = output.apps.bakery.retention == { bakery-bills = 365 }
    error_message = "What is kept is kept for as many days as its app says."
  }

  assert {
    condition     = output.apps.bakery.people == [{ role = "Baker", page = "/bakery/" }, { role = "Operator", page = "/bakery/dead-letters" }] && output.apps.bakery.host == { AzureFunctionsJobHost__extensions__queues__batchSize = "1" }
    error_message = "Several roles, and what it says of host.json."
  }

  assert {
    condition     = output.apps.bakery.always_ready == { http = 1, "function:ground" = 2 } && output.apps.mill.always_ready == {}
    error_message = "How many instances wait for what; none unless it says so."
  }
}

run "a_setting_is_in_azure_what_its_file_or_that_of_every_app_says" {
  command = plan

  assert {
    condition = output.apps.bakery.settings == {
      CHECKPOINTS             = { source = "platform", of = "checkpoints" }
      COSMOS__accountEndpoint = { source = "platform", of = "cosmosDb" }
      FORM_KEY                = { source = "secret", of = "FORM_KEY" }
      MILLERS_KEY             = { source = "agreedSecret", of = "MILLERS_KEY" }
      MILL_SCOPE              = { source = "scopeOf", of = "mill" }
      MILL_URL                = { source = "urlOf", of = "mill" }
      OVEN_DEGREES            = { source = "value", of = "220" }
    }
    error_message = "What nobody gives a value in Azure is not set there."
  }
}

run "who_asks_for_checkpoints_reads_them_and_a_partner_uploads_where_its_app_says" {
  command = plan

  assert {
    condition     = output.apps.bakery.reads_checkpoints && !output.apps.mill.reads_checkpoints && output.apps.bakery.partners.confectioner.uploads == toset(["bakery-pictures"])
    error_message = "Both follow from the app's file."
  }
}

run "bindings_and_uses_say_what_an_app_touches" {
  command = plan

  assert {
    condition     = output.apps.bakery.reads_queues == toset(["bakery-orders", "bakery-orders-poison"]) && output.apps.bakery.sends_queues == toset(["bakery-orders", "mill-sacks"]) && output.apps.bakery.counts_queues == toset(["bakery-orders"])
    error_message = "Triggers and `uses` read, output bindings and `uses` send, `uses` asks for lengths."
  }

  assert {
    condition     = output.queues == toset(["bakery-orders", "bakery-orders-poison", "mill-sacks"])
    error_message = "A queue that triggers has a poison queue that nobody declares; one that nobody reads here has none."
  }

  assert {
    condition     = output.apps.bakery.foreign == toset(["mill/flours"]) && output.apps.bakery.feeds == toset(["mill/flours"]) && output.apps.bakery.leases == toset(["bakery/leases"])
    error_message = "Another app's feed is read, the leases are the app's own."
  }

  assert {
    condition     = output.apps.bakery.subscriptions[0].event_types == tolist(["Microsoft.Storage.BlobCreated"]) && output.apps.bakery.subscriptions[0].attempts == 30
    error_message = "An event subscription has Event Grid's defaults."
  }

  assert {
    condition     = output.apps.bakery.subscriptions[0].container == "bakery-pictures" && output.apps.bakery.subscriptions[0].topic == null && output.apps.bakery.subscriptions[1].container == null && output.apps.bakery.subscriptions[1].topic == "communication" && length(output.apps.bakery.subscriptions[1].event_types) == 0
    error_message = "Events are of blobs in a container, or of a topic, all of them unless types are named."
  }

  assert {
    condition     = output.apps.bakery.email && !output.apps.mill.email
    error_message = "Who sends mails says so."
  }
}

run "a_queue_with_a_region_in_its_name_is_one_for_each_and_every_host_may_use_all" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/regional"
    sun_regions      = ["north", "south"]
  }

  assert {
    condition     = output.queues == toset(["lamp-oil", "lamp-wicks-north", "lamp-wicks-north-poison", "lamp-wicks-south", "lamp-wicks-south-poison"])
    error_message = "Each region's queue has its poison queue."
  }

  assert {
    condition     = output.apps.lamp.reads_queues == toset(["lamp-wicks-north", "lamp-wicks-north-poison", "lamp-wicks-south", "lamp-wicks-south-poison"]) && output.apps.lamp.counts_queues == toset(["lamp-wicks-north", "lamp-wicks-south"])
    error_message = "The app has one identity in all regions."
  }

  assert {
    condition     = output.apps.lamp.sends_queues == toset(["lamp-oil", "lamp-wicks-north", "lamp-wicks-south"])
    error_message = "Each region sends to whoever is at work."
  }
}

run "without_a_sun_to_follow_there_is_one_such_queue" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/regional"
  }

  assert {
    condition     = output.queues == toset(["lamp-oil", "lamp-wicks-everywhere", "lamp-wicks-everywhere-poison"])
    error_message = "All regions take from it."
  }
}

run "how_often_a_timer_runs_is_read_from_its_schedule" {
  command = plan

  assert {
    condition     = output.apps.bakery.timers == { burnt = 5 } && output.apps.mill.timers == { dusted = 1, oiled = 120, stopped = 1440, swept = 60 }
    error_message = "Each minute, each five, each hour, each second hour, once a day."
  }
}

run "each_version_is_an_api_of_its_own_and_so_is_each_app_that_has_one" {
  command = plan

  assert {
    condition     = keys(output.documents) == ["mill/v1", "v1", "v2"]
    error_message = "v1, v2 and mill/v1 are public; /counter is not, and dead letters, which ask for a key of the app, are not."
  }

  assert {
    condition     = keys(jsondecode(output.documents.v1).paths) == ["/cakes/{cakeId}"] && keys(jsondecode(output.documents["mill/v1"]).paths) == ["/flours/{flourId}", "/health", "/weighed"]
    error_message = "The gateway puts path and version in front, so the paths are without them."
  }

  assert {
    condition     = jsondecode(output.documents.v1).paths["/cakes/{cakeId}"].get.operationId == "bakery-cake"
    error_message = "Operations have the app in front: two apps may use the same name."
  }

  assert {
    condition     = jsondecode(output.documents.v1).paths["/cakes/{cakeId}"].get.responses["200"].content["application/json"].schema["$ref"] == "#/components/schemas/bakery-Cake" && contains(keys(jsondecode(output.documents.v1).components.schemas), "bakery-Cake")
    error_message = "So do components, and what refers to them."
  }
}

run "what_apps_share_is_in_each_document_so_that_it_refers_to_no_other_file" {
  command = plan

  assert {
    condition     = !anytrue([for document in output.documents : strcontains(document, "openapi.yaml#")])
    error_message = "API Management follows no reference to another file."
  }

  assert {
    condition = jsondecode(output.documents["mill/v1"]).paths["/health"] == { get = {
      operationId = "mill-getHealth"
      tags        = ["Operations"]
      responses   = { "200" = { description = "Well." }, "503" = { "$ref" = "#/components/responses/public-api-Unavailable" } }
    } }
    error_message = "A shared path, with what the app says otherwise and what it adds."
  }

  assert {
    condition     = jsondecode(output.documents["mill/v1"]).components.responses["public-api-Unavailable"].content["application/problem+json"].schema["$ref"] == "#/components/schemas/public-api-Problem" && keys(jsondecode(output.documents["mill/v1"]).components.schemas) == ["public-api-Problem"]
    error_message = "Shared components have their crate in front."
  }

  assert {
    condition     = jsondecode(output.documents["mill/v1"]).components.responses["public-api-Unavailable"].content["application/problem+json"].example.type == "/mill/v1/docs#unavailable"
    error_message = "The page of the contract is the app's."
  }

  assert {
    condition     = { for operation in output.operations : operation.id => operation.open } == { bakery-cake = false, bakery-cakes = false, bakery-deadLetters = false, bakery-till = false, mill-flour = false, mill-getHealth = true, mill-weighed = true }
    error_message = "All operations are known, with the tags of shared ones."
  }

  assert {
    condition     = { for operation in output.operations : operation.id => operation.function if operation.function != null } == { bakery-cake = "cake", bakery-deadLetters = "dead_letters", mill-flour = "flour", mill-weighed = "weighed" }
    error_message = "A host's telemetry knows an operation by the function that serves it."
  }

  assert {
    condition     = [for operation in output.operations : operation.id if operation.signed] == ["mill-weighed"]
    error_message = "Whoever signs needs no key."
  }
}

run "query_parameters_are_known_so_that_logs_can_leave_them_out" {
  command = plan

  assert {
    condition     = output.query_parameters == toset(["flavour", "limit"])
    error_message = "flavour is the bakery's own, limit is shared."
  }
}

run "what_has_two_owners_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/two-owners"
  }

  expect_failures = [output.apps]
}

run "what_has_no_owner_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/no-owner"
  }

  expect_failures = [output.apps]
}

run "leases_in_another_apps_database_are_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/homeless-leases"
  }

  expect_failures = [output.apps]
}

run "a_queue_whose_poison_queue_nobody_reads_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/unwatched"
  }

  expect_failures = [output.apps]
}

run "what_cannot_be_always_ready_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/unready"
  }

  expect_failures = [output.apps]
}

run "what_is_signed_and_in_no_api_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/shut-out"
  }

  expect_failures = [output.operations]
}

run "who_calls_uninvited_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/stranger"
  }

  expect_failures = [output.apps]
}

run "events_that_nothing_raises_are_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/silent-topic"
  }

  expect_failures = [output.apps]
}
