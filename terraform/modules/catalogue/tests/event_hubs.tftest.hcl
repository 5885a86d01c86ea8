# Event hubs, their groups and capture, as a bakery and a mill declare them.

variables {
  functions_folder = "../../tests/fixtures/functions"
  crates_folder    = "../../tests/fixtures/crates"
  teams_folder     = "../../tests/fixtures/teams"
}

run "a_hub_is_what_its_app_says_and_has_the_groups_of_whoever_reads" {
  command = plan

  assert {
    condition     = jsonencode(output.hubs.cake) == jsonencode({ capture = { bytes = 314572800, container = "mill-captured", seconds = 300 }, groups = { mill = "millers" }, hours = 48, partitions = 4, team = "bakers" })
    error_message = "Partitions, retention, capture, team, and a group of the mill's."
  }

  assert {
    condition     = output.hubs.crumb.team == "millers" && output.hubs.crumb.hours == 168 && output.hubs.crumb.capture == null && length(output.hubs.crumb.groups) == 0
    error_message = "Another team may answer for a hub; seven days and no capture unless it says so."
  }
}

run "who_sends_and_who_reads_is_known" {
  command = plan

  assert {
    condition     = output.apps.bakery.sends_hubs == toset(["cake", "crumb"]) && length(output.apps.bakery.reads_hubs) == 0 && output.apps.mill.reads_hubs == toset(["cake"]) && length(output.apps.mill.sends_hubs) == 0
    error_message = "The bakery sends to both, the mill reads one."
  }

  assert {
    condition     = output.apps.mill.from_hubs == toset(["eaten"]) && contains(output.apps.mill.connections, "EVENT_HUBS")
    error_message = "The function that a hub calls, and its connection."
  }

  assert {
    condition     = output.apps.mill.settings.EVENT_HUBS__fullyQualifiedNamespace == { source = "platform", of = "eventHubs" }
    error_message = "Where the hubs are is a word of the platform."
  }

  assert {
    condition     = output.apps.mill.subscriptions[0].source == "capture" && output.apps.mill.subscriptions[0].container == null && output.apps.mill.subscriptions[0].dead_letters == "mill-undelivered"
    error_message = "Captured files are told to the mill."
  }
}

run "an_app_belongs_to_a_team_that_has_a_file" {
  command = plan

  assert {
    condition     = { for name, app in output.apps : name => app.team } == { bakery = "bakers", mill = "millers" }
    error_message = "app.json names the team."
  }

  assert {
    condition     = keys(output.teams) == ["bakers", "millers", "platform"] && output.teams.bakers.channels["status-live"] == "bakers-live@example.com" && output.teams.bakers.security_group == "iommi-bakers"
    error_message = "Channels and security group come from the team's file; a schema is no team."
  }
}

run "a_group_of_a_hub_that_nobody_owns_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/hubless"
  }

  expect_failures = [output.hubs]
}

run "who_sends_to_a_hub_that_nobody_owns_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/hubless-sender"
  }

  expect_failures = [output.hubs]
}

run "a_trigger_on_a_group_that_its_app_does_not_own_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/groupless"
  }

  expect_failures = [output.hubs]
}

run "capture_into_a_container_that_nobody_owns_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/uncaptured"
  }

  expect_failures = [output.hubs]
}

run "a_hub_with_two_owners_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/two-hub-owners"
  }

  expect_failures = [output.apps]
}

run "more_hubs_than_a_namespace_holds_are_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/too-many-hubs"
  }

  expect_failures = [output.hubs]
}

run "more_groups_than_a_hub_holds_are_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/too-many-groups"
  }

  expect_failures = [output.hubs]
}

run "more_partitions_than_a_hub_has_are_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/too-many-partitions"
  }

  expect_failures = [output.hubs]
}

run "more_than_seven_days_are_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/too-long-kept"
  }

  expect_failures = [output.hubs]
}

run "capture_more_often_than_each_minute_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/too-often-captured"
  }

  expect_failures = [output.hubs]
}

run "capture_of_larger_files_than_there_are_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/too-large-captured"
  }

  expect_failures = [output.hubs]
}

run "who_hears_of_captures_that_nobody_makes_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/silent-capture"
  }

  expect_failures = [output.hubs]
}

run "an_app_without_a_team_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/teamless"
  }

  expect_failures = [output.teams]
}

run "a_team_without_a_file_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/lost-team"
  }

  expect_failures = [output.teams]
}

run "a_hub_of_a_team_without_a_file_is_refused" {
  command = plan

  variables {
    functions_folder = "../../tests/fixtures/refused/lost-hub-team"
  }

  expect_failures = [output.teams]
}

run "a_team_that_nobody_reaches_is_refused" {
  command = plan

  variables {
    teams_folder = "../../tests/fixtures/refused-teams/unreachable"
  }

  expect_failures = [output.teams]
}

run "a_team_without_a_security_group_is_refused" {
  command = plan

  variables {
    teams_folder = "../../tests/fixtures/refused-teams/no-group"
  }

  expect_failures = [output.teams]
}

run "what_all_share_has_a_team_too" {
  command = plan

  variables {
    teams_folder = "../../tests/fixtures/refused-teams/nobody-shares"
  }

  expect_failures = [output.teams]
}
