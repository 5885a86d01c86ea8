# Who is at work when. Makes nothing: apps get what they read, queues their names, and the front door its order.

locals {
  shifts = [
    for shift in split(",", coalesce(var.sun, "0-24 everywhere")) :
    { from = tonumber(split("-", trimspace(shift))[0]), until = tonumber(regex("-([0-9]+)", shift)[0]), region = regex("[a-z0-9]+$", trimspace(shift)) }
  ]

  # For each hour all that have it.
  having = [
    for hour in range(24) : [
      for shift in local.shifts : shift.region
      if shift.from < shift.until ? hour >= shift.from && hour < shift.until : hour >= shift.from || hour < shift.until
    ]
  ]

  # Without a schedule the apps of all regions take their work from the same queues.
  regions = var.sun == null ? ["everywhere"] : var.regions

  hour    = var.hour == null ? tonumber(formatdate("hh", plantimestamp())) : var.hour
  primary = try(local.having[local.hour][0], "nobody")
}
