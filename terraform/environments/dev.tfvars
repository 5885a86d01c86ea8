# The shared dev environment, and under another name one of your own (../dev). One region, everything that can scales to
# zero; no Front Door, no private network: those two cost money while nobody works.

environment = "dev"
regions     = ["westeurope"]
# Never changed: everything that is there once would be made anew, and empty.
home             = "westeurope"
telemetry_region = "westeurope"

throughput       = null
zone_redundant   = false
backup_tier      = "Continuous7Days"
data_replication = "LRS"
event_units      = 1
event_capture    = false
private_network  = false
deploy_from      = []
front_door_sku   = null
gateway_sku      = "Consumption_0"
customers        = null

products = {
  trial = {
    name             = "Trial"
    description      = "For trying things out."
    approval         = false
    calls_per_minute = 300
    calls_per_day    = 20000
  }
}

maximum_instances  = 40
always_ready       = false
log_level          = "info"
retention_days     = 30
daily_telemetry_gb = 1
budget_per_month   = 160
locked             = false

# Nobody's: the environment's owner puts the processor's sandbox here (docs/deploying.md, *Keys and locks*).
card_network_url = "https://sandbox.processor.example.com/"
bank_url         = "https://sandbox.bank.example.com/"
vendor_url       = "https://sandbox.vendor.example.com/"
bank_issuer      = "https://sandbox.bank.example.com"

# Nobody's: the environment's owner puts the company here that sells.
seller = {
  name         = "Iommi ApS"
  address      = { street = "Havnegade 1", city = "København", postalCode = "1058", country = "DK" }
  vatId        = "DK12345678"
  registration = "12345678"
  email        = "invoices@iommi.example"
  code         = "IODEV"
  timeZone     = "CET-1CEST,M3.5.0,M10.5.0/3"
  iban         = "DK5000400440116243"
  paymentDays  = 14
}

groups      = {}
partners    = {}
web_origins = ["http://localhost:5173"]

notify = {
  duty   = { emails = ["platform-dev@example.com"] }
  office = { emails = ["platform-dev@example.com"] }
}
