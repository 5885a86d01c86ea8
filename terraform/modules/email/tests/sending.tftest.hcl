# Who may send mails, from where.

mock_provider "azurerm" {
  source = "../../tests/mocks/azurerm"
}

variables {
  prefix              = "iommi-test"
  unique              = "abcde"
  resource_group_name = "rg-iommi-test-data"
  data_location       = "Europe"
  domain              = null
  senders             = { shop = "00000000-0000-0000-0000-0000000000c1" }
  tags                = {}
}

run "an_environment_without_a_domain_sends_from_one_of_azures" {
  assert {
    condition     = azurerm_email_communication_service_domain.this.name == "AzureManagedDomain" && azurerm_email_communication_service_domain.this.domain_management == "AzureManaged" && length(output.verification_records) == 0
    error_message = "Azure's domain has a fixed name and needs nobody's DNS."
  }

  assert {
    condition     = output.sender == "DoNotReply@00000000.azurecomm.net" && output.endpoint == "https://acs.europe.communication.azure.com/"
    error_message = "Sender and endpoint are those that Azure gives."
  }

  assert {
    condition     = azurerm_email_communication_service_domain.this.user_engagement_tracking_enabled == false
    error_message = "Nobody is tracked."
  }
}

run "only_apps_that_send_mails_may_and_only_through_this_service" {
  assert {
    condition     = keys(azurerm_role_assignment.sender) == ["shop"] && alltrue([for role in azurerm_role_assignment.sender : role.scope == azurerm_communication_service.this.id])
    error_message = "One role for each app, of the communication service alone."
  }
}

run "a_domain_of_our_own_is_ours_to_verify" {
  variables {
    domain = "mail.example.com"
  }

  assert {
    condition     = azurerm_email_communication_service_domain.this.name == "mail.example.com" && azurerm_email_communication_service_domain.this.domain_management == "CustomerManaged"
    error_message = "It bears its own name."
  }
}

run "a_domain_is_one" {
  command = plan

  variables {
    domain = "Mail Example"
  }

  expect_failures = [var.domain]
}
