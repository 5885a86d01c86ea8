variables {
  environment     = "production"
  subscription_id = "00000000-0000-0000-0000-000000000001"
}

run "what_is_global_has_no_region_in_its_name" {
  command = plan

  assert {
    condition     = output.prefix == "iommi-production"
    error_message = "The prefix is iommi-production."
  }
}

run "regions_are_shortened_by_words" {
  command = plan

  variables {
    region = "southeastasia"
  }

  assert {
    condition     = output.prefix == "iommi-production-seas" && output.compact == "productseas"
    error_message = "southeastasia is seas."
  }
}

run "two_subscriptions_never_share_a_global_name" {
  command = plan

  variables {
    subscription_id = "00000000-0000-0000-0000-000000000002"
  }

  assert {
    condition     = output.unique != run.what_is_global_has_no_region_in_its_name.unique && length(output.unique) == 5
    error_message = "The five characters depend on the subscription."
  }
}

run "a_name_that_azure_would_refuse_is_refused_here" {
  command = plan

  variables {
    environment = "Dev_Kim"
  }

  expect_failures = [var.environment]
}
