variables {
  sun     = "22-10 southeastasia, 10-22 westeurope"
  regions = ["westeurope", "eastus2", "southeastasia"]
}

run "without_a_schedule_all_regions_work_from_the_same_queues" {
  command = plan

  variables {
    sun = null
  }

  assert {
    condition     = output.regions == tolist(["everywhere"]) && output.schedule == "0-24 everywhere" && output.of_region.eastus2 == "everywhere" && length(output.priorities) == 0 && length(output.by_hour) == 0
    error_message = "Nothing follows the sun unless it is said."
  }
}

run "each_region_has_queues_also_one_that_has_no_hour" {
  command = plan

  assert {
    condition     = output.regions == tolist(["westeurope", "eastus2", "southeastasia"]) && output.of_region.eastus2 == "eastus2"
    error_message = "Operators may put any region to work."
  }
}

run "by_night_asia_comes_first" {
  command = plan

  variables {
    hour = 9
  }

  assert {
    condition     = output.priorities == tomap({ westeurope = 2, eastus2 = 3, southeastasia = 1 })
    error_message = "Who is at work comes first, the others follow in the order of failover."
  }
}

run "by_day_europe_does" {
  command = plan

  variables {
    hour = 10
  }

  assert {
    condition     = output.priorities == tomap({ westeurope = 1, eastus2 = 3, southeastasia = 4 })
    error_message = "Who is at work comes first, the others follow in the order of failover."
  }

  assert {
    condition     = tolist([for hour in [0, 9, 10, 21, 22, 23] : output.by_hour[hour]]) == tolist(["southeastasia", "southeastasia", "westeurope", "westeurope", "southeastasia", "southeastasia"])
    error_message = "A stretch may go round midnight."
  }
}

run "a_whole_day_and_single_hours_are_read" {
  command = plan

  variables {
    sun = "23-24 eastus2,0-23 westeurope"
  }

  assert {
    condition     = output.by_hour[23] == "eastus2" && output.by_hour[0] == "westeurope" && output.by_hour[22] == "westeurope"
    error_message = "24 is the end of the day."
  }
}

run "what_is_no_schedule_is_refused" {
  command = plan

  variables {
    sun = "22-10 southeastasia; 10-22 westeurope"
  }

  expect_failures = [var.sun]
}

run "an_hour_without_a_region_is_refused" {
  command = plan

  variables {
    sun = "22-10 southeastasia, 11-22 westeurope"
  }

  expect_failures = [output.regions]
}

run "an_hour_with_two_regions_is_refused" {
  command = plan

  variables {
    sun = "22-10 southeastasia, 9-22 westeurope"
  }

  expect_failures = [output.regions]
}

run "a_region_where_we_do_not_run_is_refused" {
  command = plan

  variables {
    sun = "22-10 japaneast, 10-22 westeurope"
  }

  expect_failures = [output.regions]
}
