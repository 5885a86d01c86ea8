# For the world: every region serves, the first one writes. Another region is another word in `regions`.
#
# Ids and addresses below are placeholders until the company's tenant exists: 192.0.2.0/24 and example.com belong to
# nobody.

environment = "production"
regions     = ["westeurope", "eastus2", "southeastasia"]
# Never changed: everything that is there once would be made anew, and empty.
home             = "westeurope"
telemetry_region = "eastus2"

throughput       = { shared = 2000, dedicated = 4000 }
zone_redundant   = true
backup_tier      = "Continuous30Days"
data_replication = "RAGZRS"
event_units      = 10
event_capture    = true
private_network  = true
deploy_from      = ["192.0.2.10/32"]
front_door_sku   = "Premium_AzureFrontDoor"
gateway_sku      = "StandardV2_1"

maximum_instances  = 100
always_ready       = true
log_level          = "warn"
retention_days     = 90
daily_telemetry_gb = -1
budget_per_month   = 9000
locked             = true

customers = {
  openid_configuration = "https://customers.example.com/.well-known/openid-configuration"
  issuer               = "https://customers.example.com/"
  audiences            = ["https://api.example.com"]
}

products = {
  web-and-mobile = {
    name             = "Web and mobile"
    description      = "Our own clients."
    approval         = true
    calls_per_minute = 60000
    calls_per_day    = 20000000
  }
  partner = {
    name             = "Partner"
    description      = "Clients of other companies."
    approval         = true
    calls_per_minute = 600
    calls_per_day    = 100000
  }
}

groups = {
  Moderator = ["00000000-0000-0000-0000-0000000000a1"]
  Operator  = ["00000000-0000-0000-0000-0000000000a2"]
}

partners = {
  mainframe   = "00000000-0000-0000-0000-0000000000b1"
  salesOffice = "00000000-0000-0000-0000-0000000000b2"
}

# Nobody's: the environment's owner puts the processor's address here (docs/deploying.md, *Keys and locks*).
card_network_url = "https://processor.example.com/"
bank_url         = "https://api.bank.example.com/"
vendor_url       = "https://vendor.example.com/"
bank_issuer      = "https://api.bank.example.com"

# Nobody's: the environment's owner puts the company here that sells.
seller = {
  name         = "Iommi ApS"
  address      = { street = "Havnegade 1", city = "København", postalCode = "1058", country = "DK" }
  vatId        = "DK12345678"
  registration = "12345678"
  email        = "invoices@iommi.example"
  code         = "IODK"
  timeZone     = "CET-1CEST,M3.5.0,M10.5.0/3"
  iban         = "DK5000400440116243"
  paymentDays  = 14
}

web_origins = ["https://www.example.com"]

notify = {
  duty   = { emails = ["duty@example.com"] }
  office = { emails = ["platform@example.com"] }
}
