# What Azure would answer: arguments that take a resource id refuse anything that does not look like one.

mock_resource "azurerm_resource_group" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
  }
}

mock_resource "azurerm_user_assigned_identity" {
  defaults = {
    id           = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
    principal_id = "00000000-0000-0000-0000-0000000000c1"
    client_id    = "00000000-0000-0000-0000-0000000000c2"
  }
}

mock_resource "azurerm_storage_account" {
  defaults = {
    id                     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
    primary_blob_endpoint  = "https://st.blob.core.windows.net/"
    primary_queue_endpoint = "https://st.queue.core.windows.net/"
  }
}

mock_resource "azurerm_storage_container" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/c"
  }
}

mock_resource "azurerm_storage_queue" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/queueServices/default/queues/q"
  }
}

mock_resource "azurerm_cosmosdb_account" {
  defaults = {
    id       = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/cosmos"
    endpoint = "https://cosmos.documents.azure.com:443/"
  }
}

mock_resource "azurerm_key_vault" {
  defaults = {
    id        = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
    vault_uri = "https://kv.vault.azure.net/"
  }
}

mock_resource "azurerm_service_plan" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Web/serverFarms/asp"
  }
}

mock_resource "azurerm_log_analytics_workspace" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"
  }
}

mock_resource "azurerm_application_insights" {
  defaults = {
    id                = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Insights/components/appi"
    connection_string = "InstrumentationKey=00000000-0000-0000-0000-000000000000"
  }
}

mock_resource "azurerm_monitor_action_group" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Insights/actionGroups/ag"
  }
}

mock_resource "azurerm_api_management" {
  defaults = {
    id          = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement/service/apim"
    gateway_url = "https://apim.azure-api.net"
  }
}

mock_resource "azurerm_api_management_logger" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement/service/apim/loggers/insights"
  }
}

mock_resource "azurerm_api_management_api_version_set" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement/service/apim/apiVersionSets/public"
  }
}

mock_resource "azurerm_cognitive_account" {
  defaults = {
    id       = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/cs"
    endpoint = "https://cs.cognitiveservices.azure.com/"
  }
}

mock_resource "azurerm_virtual_network" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet"
  }
}

mock_resource "azurerm_subnet" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/apps"
  }
}

mock_resource "azurerm_network_security_group" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg"
  }
}

mock_resource "azurerm_public_ip" {
  defaults = {
    id         = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip"
    ip_address = "192.0.2.20"
  }
}

mock_resource "azurerm_nat_gateway" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/natGateways/ng"
  }
}

mock_resource "azurerm_private_dns_zone" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
  }
}

mock_resource "azurerm_cdn_frontdoor_profile" {
  defaults = {
    id            = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Cdn/profiles/afd"
    resource_guid = "00000000-0000-0000-0000-0000000000fd"
  }
}

mock_resource "azurerm_cdn_frontdoor_endpoint" {
  defaults = {
    id        = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Cdn/profiles/afd/afdEndpoints/api"
    host_name = "api.azurefd.net"
  }
}

mock_resource "azurerm_cdn_frontdoor_origin_group" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Cdn/profiles/afd/originGroups/api"
  }
}

mock_resource "azurerm_cdn_frontdoor_origin" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Cdn/profiles/afd/originGroups/api/origins/weu"
  }
}

mock_resource "azurerm_cdn_frontdoor_rule_set" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Cdn/profiles/afd/ruleSets/callers"
  }
}

mock_resource "azurerm_cdn_frontdoor_firewall_policy" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/frontDoorWebApplicationFirewallPolicies/waf"
  }
}

mock_data "azurerm_client_config" {
  defaults = {
    tenant_id = "00000000-0000-0000-0000-0000000000aa"
    object_id = "00000000-0000-0000-0000-0000000000dd"
  }
}

mock_resource "azurerm_policy_definition" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/policyDefinitions/keep"
  }
}

mock_resource "azurerm_communication_service" {
  defaults = {
    id       = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Communication/communicationServices/acs"
    hostname = "acs.europe.communication.azure.com"
  }
}

mock_resource "azurerm_email_communication_service" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Communication/emailServices/mail"
  }
}

mock_resource "azurerm_email_communication_service_domain" {
  defaults = {
    id                 = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Communication/emailServices/mail/domains/AzureManagedDomain"
    from_sender_domain = "00000000.azurecomm.net"
  }
}

mock_resource "azurerm_eventhub_namespace" {
  defaults = {
    id       = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/evhns"
    identity = { principal_id = "00000000-0000-0000-0000-0000000000e1", tenant_id = "00000000-0000-0000-0000-0000000000aa" }
  }
}

mock_resource "azurerm_eventhub" {
  defaults = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/evhns/eventhubs/hub"
  }
}
