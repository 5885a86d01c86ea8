# How fast budgets are used up, by Google's SRE workbook: a share of the month's budget gone within the long window, and still going
# within the short one, so that the alert ends soon after the trouble. The rate follows from the share and the windows.

locals {
  burns = {
    for name, burn in var.objectives.burns : name => merge(burn, { rate = burn.budgetPercent / 100 * var.objectives.days * 1440 / burn.longMinutes })
  }

  # What nobody is woken for is not asked about every five minutes.
  burns_of = {
    duty   = keys(local.burns)
    office = [for name, burn in local.burns : name if burn.longMinutes > 60]
  }

  burn_alerts = merge([for key, one in local.measured : {
    for name in local.burns_of[one.tells] : "slo-${key}-${name}" => {
      app     = one.app
      runbook = one.runbook
      text    = "${one.app}, ${one.name}: ${local.burns[name].budgetPercent} % of the budget of ${var.objectives.days} days went within ${local.burns[name].longMinutes} minutes. Promised: ${one.promise} (${one.percent} %)"
      # Lengths that Azure does not have are refused in words: refusals.tf.
      window   = lookup(local.spans, tostring(local.burns[name].longMinutes), "PT6H")
      every    = lookup(local.spans, tostring(local.burns[name].everyMinutes), "PT1H")
      severity = one.tells == "duty" ? local.burns[name].severity : max(local.burns[name].severity, 3)
      group    = one.tells == "duty" ? local.burns[name].tells : "office"
      query = join(" ", [
        local.indicators[key],
        "| extend Lately = TimeGenerated > ago(${local.burns[name].shortMinutes}m)",
        "| summarize Long = sum(Weight), LongBad = sumif(Weight, Bad), Short = sumif(Weight, Lately), ShortBad = sumif(Weight, Lately and Bad)",
        # Few are no evidence: one failure among ten at night is nobody's outage.
        "| where LongBad >= ${one.at_least} and LongBad > ${format("%.8g", local.burns[name].rate * (100 - one.percent) / 100)} * Long and ShortBad > ${format("%.8g", local.burns[name].rate * (100 - one.percent) / 100)} * Short"
      ])
    }
  }]...)
}
