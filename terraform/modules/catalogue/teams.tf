# Teams are files (docs/decisions/0043): each app names one, and its alerts, tags and roles come from that.

locals {
  team_files = {
    for file in fileset(var.teams_folder, "*.json") : trimsuffix(file, ".json") => jsondecode(file("${var.teams_folder}/${file}")) if can(regex("^[a-z][a-z0-9-]*[.]json$", file))
  }

  team_of = { for app, file in local.files : app => try(file.team, null) }

  teams = {
    for name, team in local.team_files : name => {
      channels       = { for channel, address in try(team.channels, {}) : channel => address }
      security_group = try(team.securityGroup, null)
    }
  }

  # What is shared belongs to `platform`: modules/naming writes it on all that says nothing else.
  teamless = concat(
    [for app, team in local.team_of : "${app} names ${team == null ? "no team" : "the team ${team}"} in its app.json" if !contains(keys(local.team_files), coalesce(team, "-"))],
    flatten([for app, hubs in local.hubs_of : [
      for name, hub in hubs : "the event hub ${name} of ${app} names the team ${hub.team}" if hub.team != null && !contains(keys(local.team_files), coalesce(hub.team, "-"))
    ]]),
    contains(keys(local.team_files), "platform") ? [] : ["what all share belongs to platform"]
  )

  unreachable_teams = concat(
    [for name, team in local.teams : "teams/${name}.json has no securityGroup" if try(length(team.security_group) == 0, true)],
    flatten([for name, team in local.teams : [for channel in ["status-dev", "status-live"] : "teams/${name}.json has no channel ${channel}" if !can(regex("@", team.channels[channel]))]])
  )
}
