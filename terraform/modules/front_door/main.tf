# The one entry for the whole world. Clients reach the nearest region that is ready; our own people's pages have host
# names of their own, because signing in there goes through the app and not through API Management.

locals {
  premium = startswith(var.sku, "Premium")

  # The rules see the whole URI, and nothing but its path may decide: a query is the client's to write.
  signed_uri = "^https?://[^/]+(${join("|", [for path in var.signed_paths : replace(replace(path, ".", "[.]"), "/\\{[^}]*\\}/", "[^/?]+")])})([?]|$)"

  # What is behind each endpoint: the gateways for clients, an app for each page of our people.
  surfaces = merge(
    { api = { probe = "/${var.probe}", origins = { for region, gateway in var.gateways : region => gateway.host_name } } },
    { for name, staff in var.staff : name => { probe = staff.probe, origins = staff.origins } }
  )

  origins = merge([for name, surface in local.surfaces : {
    for region, host in surface.origins : "${name}/${region}" => { surface = name, region = region, host = host }
  }]...)
}

resource "azurerm_cdn_frontdoor_profile" "this" {
  name                     = "afd-${var.prefix}"
  resource_group_name      = var.resource_group_name
  sku_name                 = var.sku
  response_timeout_seconds = 60
  tags                     = var.tags

  # GET /v1/profiles?email= carries an address: query strings and callers' addresses stay out of the access log.
  log_scrubbing_rule {
    match_variable = "QueryStringArgNames"
  }

  log_scrubbing_rule {
    match_variable = "RequestIPAddress"
  }
}

resource "azurerm_cdn_frontdoor_endpoint" "this" {
  for_each = setunion(["api"], var.surfaces)

  name                     = "${var.prefix}-${each.key}"
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.this.id
  tags                     = var.tags
}

resource "azurerm_cdn_frontdoor_origin_group" "this" {
  for_each = local.surfaces

  name                     = each.key
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.this.id
  session_affinity_enabled = false
  # A region that comes back gets its traffic only after it has been well for a while.
  restore_traffic_time_to_healed_or_new_endpoint_in_minutes = 10

  # The nearest region, and its neighbours while they are nearly as near. Out after 3 of 4 probes have failed.
  load_balancing {
    additional_latency_in_milliseconds = 50
    sample_size                        = 4
    successful_samples_required        = 3
  }

  # "ready" asks the dependencies: a region without its data is out as well.
  health_probe {
    protocol            = "Https"
    request_type        = "GET"
    path                = each.value.probe
    interval_in_seconds = 30
  }
}

resource "azurerm_cdn_frontdoor_origin" "this" {
  for_each = local.origins

  name                           = each.value.region
  cdn_frontdoor_origin_group_id  = azurerm_cdn_frontdoor_origin_group.this[each.value.surface].id
  enabled                        = !contains(var.drained, each.value.region)
  host_name                      = each.value.host
  origin_host_header             = each.value.host
  certificate_name_check_enabled = true
  # Who is at work comes first, for clients; the others take over when it is not ready. Our people go to the nearest.
  priority = each.value.surface == "api" ? lookup(var.priorities, each.value.region, 1) : 1
  weight   = 500
}

# Who calls is said by API Management; our own people's pages do not pass it, so here no client says it either.
resource "azurerm_cdn_frontdoor_rule_set" "callers" {
  name                     = "callers"
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.this.id
}

resource "azurerm_cdn_frontdoor_rule" "nobody_says_who_calls" {
  name                      = "nobodysayswhocalls"
  cdn_frontdoor_rule_set_id = azurerm_cdn_frontdoor_rule_set.callers.id
  order                     = 1

  actions {
    modify_request_header {
      operator    = "Delete"
      header_name = "X-Iommi-Caller"
    }
  }
}

resource "azurerm_cdn_frontdoor_route" "this" {
  for_each = local.surfaces

  name                          = each.key
  cdn_frontdoor_endpoint_id     = azurerm_cdn_frontdoor_endpoint.this[each.key].id
  cdn_frontdoor_origin_group_id = azurerm_cdn_frontdoor_origin_group.this[each.key].id
  cdn_frontdoor_rule_set_ids    = [azurerm_cdn_frontdoor_rule_set.callers.id]
  cdn_frontdoor_origin_ids      = [for key, origin in local.origins : azurerm_cdn_frontdoor_origin.this[key].id if origin.surface == each.key]
  patterns_to_match             = ["/*"]
  supported_protocols           = ["Http", "Https"]
  https_redirect_enabled        = true
  forwarding_protocol           = "HttpsOnly"
  link_to_default_domain        = true
  # No cache block: an erased photo must not live on at the edge.
}

resource "azurerm_cdn_frontdoor_firewall_policy" "this" {
  name                       = "waf${replace(var.prefix, "-", "")}"
  resource_group_name        = var.resource_group_name
  sku_name                   = var.sku
  enabled                    = true
  mode                       = "Prevention"
  request_body_check_enabled = true
  tags                       = var.tags

  dynamic "custom_rule" {
    for_each = length(var.signed_paths) == 0 ? [] : [1]

    content {
      name                           = "TooManySignedRequests"
      type                           = "RateLimitRule"
      action                         = "Block"
      priority                       = 5
      rate_limit_duration_in_minutes = 1
      rate_limit_threshold           = var.signed_requests_per_minute

      match_condition {
        match_variable = "RequestUri"
        operator       = "RegEx"
        match_values   = [local.signed_uri]
      }
    }
  }

  custom_rule {
    name                           = "TooManyRequests"
    type                           = "RateLimitRule"
    action                         = "Block"
    priority                       = 10
    rate_limit_duration_in_minutes = 1
    rate_limit_threshold           = var.requests_per_minute_and_address

    match_condition {
      # Everybody. Azure refuses values with the operator Any, and azurerm a condition without.
      match_variable = "RemoteAddr"
      operator       = "IPMatch"
      match_values   = ["0.0.0.0/0", "::/0"]
    }

    dynamic "match_condition" {
      for_each = length(var.signed_paths) == 0 ? [] : [1]

      content {
        match_variable     = "RequestUri"
        operator           = "RegEx"
        negation_condition = true
        match_values       = [local.signed_uri]
      }
    }
  }

  # The sets that Microsoft keeps come with the Premium tier only. First they only write down what they would refuse:
  # pictures in the bodies of requests look like many things.
  dynamic "managed_rule" {
    for_each = local.premium ? { Microsoft_DefaultRuleSet = "2.1", Microsoft_BotManagerRuleSet = "1.1" } : {}

    content {
      type    = managed_rule.key
      version = managed_rule.value
      action  = var.rule_sets_block ? "Block" : "Log"
    }
  }

  log_scrubbing {
    enabled = true

    scrubbing_rule {
      match_variable = "QueryStringArgNames"
      operator       = "EqualsAny"
    }

    scrubbing_rule {
      match_variable = "RequestIPAddress"
      operator       = "EqualsAny"
    }

    scrubbing_rule {
      match_variable = "RequestBodyJsonArgNames"
      operator       = "EqualsAny"
    }
  }
}

resource "azurerm_cdn_frontdoor_security_policy" "this" {
  name                     = "waf"
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.this.id

  security_policies {
    firewall {
      cdn_frontdoor_firewall_policy_id = azurerm_cdn_frontdoor_firewall_policy.this.id

      association {
        patterns_to_match = ["/*"]

        dynamic "domain" {
          for_each = azurerm_cdn_frontdoor_endpoint.this

          content {
            cdn_frontdoor_domain_id = domain.value.id
          }
        }
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_cdn_frontdoor_profile.this.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "FrontDoorAccessLog"
  }

  enabled_log {
    category = "FrontDoorHealthProbeLog"
  }

  enabled_log {
    category = "FrontDoorWebApplicationFirewallLog"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
