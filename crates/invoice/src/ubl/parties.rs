//! Seller and buyer.

use super::elements::Elements;
use crate::{Address, Category, Draft, Party};

/// The code of electronic addresses that are e-mail addresses (EAS).
const EMAIL: &str = "EM";

pub(super) fn write(e: &mut Elements, content: &Draft) {
    // No VAT ids where VAT is no matter (BR-O-02).
    let outside = content.lines.iter().any(|line| line.vat.category == Category::OutsideScope);
    e.inside("cac:AccountingSupplierParty", |e| party(e, &content.seller, !outside));
    e.inside("cac:AccountingCustomerParty", |e| party(e, &content.buyer, !outside));
}

fn party(e: &mut Elements, party: &Party, with_vat_id: bool) {
    e.inside("cac:Party", |e| {
        if let Some(email) = &party.email {
            e.with("cbc:EndpointID", ("schemeID", EMAIL), email.as_str());
        }
        e.inside("cac:PostalAddress", |e| address(e, &party.address));
        if let Some(id) = party.vat_id.as_ref().filter(|_| with_vat_id) {
            e.inside("cac:PartyTaxScheme", |e| {
                e.text("cbc:CompanyID", id.as_str());
                e.inside("cac:TaxScheme", |e| e.text("cbc:ID", "VAT"));
            });
        }
        e.inside("cac:PartyLegalEntity", |e| {
            e.text("cbc:RegistrationName", party.name.as_str());
            e.optional("cbc:CompanyID", party.registration.as_ref());
        });
    });
}

fn address(e: &mut Elements, address: &Address) {
    e.optional("cbc:StreetName", address.street.as_ref());
    e.optional("cbc:AdditionalStreetName", address.additional.as_ref());
    e.optional("cbc:CityName", address.city.as_ref());
    e.optional("cbc:PostalZone", address.postal_code.as_ref());
    e.optional("cbc:CountrySubentity", address.subdivision.as_ref());
    e.inside("cac:Country", |e| e.text("cbc:IdentificationCode", address.country.code()));
}
