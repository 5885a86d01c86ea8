//! Who sells: a setting.

use crate::domain::Seller;
use custom_handler::{Setting, Settings, SettingsError};

const SELLER: Setting = Setting::new(
    "SELLER",
    "who sells, as on invoices: JSON with name, address, vatId, registration, email, code (how numbers begin), timeZone (a POSIX rule), iban and paymentDays",
    r#"{"name":"Example ApS","address":{"street":"Havnegade 1","city":"København","postalCode":"1058","country":"DK"},"vatId":"DK12345678","registration":"12345678","email":"invoices@example.com","code":"EXDK","timeZone":"CET-1CEST,M3.5.0,M10.5.0/3","iban":"DK5000400440116243","paymentDays":14}"#,
);

/// Reads `SELLER`.
pub(crate) fn read(settings: &Settings) -> Result<Seller, SettingsError> {
    settings.value(&SELLER)
}
