terraform {
  required_version = ">= 1.11"

  # One version each: dev, staging and production apply with what was tried. Another one is a change like any other.
  required_providers {
    azapi = {
      source  = "Azure/azapi"
      version = "2.12.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = "3.9.0"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "5.2.0"
    }
  }

  # Which account and container: -backend-config, see README.md. Nobody but the identity of the pipeline opens it.
  backend "azurerm" {
    use_azuread_auth = true
  }
}

provider "azurerm" {
  subscription_id     = var.subscription_id
  storage_use_azuread = true

  resource_providers_to_register = [
    "Microsoft.AlertsManagement",
    "Microsoft.ApiManagement",
    "Microsoft.App",
    "Microsoft.Cdn",
    "Microsoft.CognitiveServices",
    "Microsoft.Consumption",
    "Microsoft.DocumentDB",
    "Microsoft.EventGrid",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Portal",
    "Microsoft.Storage",
    "Microsoft.Web",
  ]

  features {
    key_vault {
      purge_soft_delete_on_destroy = false
    }

    resource_group {
      # Azure adds to the group of Application Insights what nobody asked for; in an environment that comes and goes it
      # must not stand in the way.
      prevent_deletion_if_contains_resources = !startswith(var.environment, "dev")
    }
  }
}

provider "azuread" {}

provider "azapi" {
  subscription_id = var.subscription_id
}
