# Everything about this environment that is a decision and not a secret. Ids and addresses below are placeholders until
# the company's tenant exists: 192.0.2.0/24 and example.com belong to nobody.

regions = ["westeurope", "eastus2", "southeastasia"]

deploy_from = ["192.0.2.10/32"]

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
  mainframe = "00000000-0000-0000-0000-0000000000b1"
}

web_origins = ["https://www.example.com"]

notify = {
  duty   = { emails = ["duty@example.com"] }
  office = { emails = ["platform@example.com"] }
}
