//! The words of a picture, in the languages that it is made in.

use invoice::{Category, Country};
use jiff::civil::Date;

/// A language's words.
#[derive(Debug, PartialEq)]
pub(crate) struct Words {
    /// Of RFC 3066.
    pub(crate) language: &'static str,
    pub(crate) invoice: &'static str,
    pub(crate) credit_note: &'static str,
    /// Before the number of the invoice that a credit note is to.
    pub(crate) to_invoice: &'static str,
    /// Between that number and the day.
    pub(crate) of_day: &'static str,
    pub(crate) bill_to: &'static str,
    pub(crate) number: &'static str,
    pub(crate) issued: &'static str,
    pub(crate) tax_point: &'static str,
    pub(crate) due: &'static str,
    pub(crate) order: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) your_vat_id: &'static str,
    pub(crate) vat_id: &'static str,
    pub(crate) item: &'static str,
    pub(crate) quantity: &'static str,
    pub(crate) unit_price: &'static str,
    pub(crate) vat: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) discount: &'static str,
    pub(crate) net: &'static str,
    pub(crate) vat_on: &'static str,
    pub(crate) total: &'static str,
    pub(crate) credited: &'static str,
    pub(crate) prepaid: &'static str,
    pub(crate) to_pay: &'static str,
    pub(crate) on: &'static str,
    pub(crate) exempt: &'static str,
    pub(crate) reverse_charge: &'static str,
    pub(crate) export: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) payment: &'static str,
    pub(crate) account: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) page: &'static str,
    pub(crate) of: &'static str,
    pub(crate) attached: &'static str,
    months: [&'static str; 12],
    /// After the number of a day.
    day: &'static str,
    pub(crate) thousands: char,
    pub(crate) decimals: char,
    pub(crate) percent: &'static str,
}

/// Countries whose firms are written to in German.
const GERMAN_IN: [&str; 3] = ["AT", "DE", "LI"];

impl Words {
    /// Those of a buyer's country: German where that is the only official language, else English. The picture of an
    /// invoice is then made of the invoice alone.
    pub(crate) fn of(buyer: &Country) -> &'static Self {
        if GERMAN_IN.contains(&buyer.code()) { &GERMAN } else { &ENGLISH }
    }

    /// Such as `29 November 2026`.
    pub(crate) fn date(&self, day: Date) -> String {
        let month = usize::try_from(day.month()).ok().and_then(|m| self.months.get(m - 1));
        format!("{}{} {} {}", day.day(), self.day, month.unwrap_or(&""), day.year())
    }

    /// What a category of VAT is called where it is no rate.
    pub(crate) fn category(&self, category: Category) -> &'static str {
        match category {
            Category::Standard | Category::Zero => self.vat,
            Category::Exempt => self.exempt,
            Category::ReverseCharge => self.reverse_charge,
            Category::Export => self.export,
            Category::OutsideScope => self.outside,
        }
    }
}

static ENGLISH: Words = Words {
    language: "en",
    invoice: "Invoice",
    credit_note: "Credit note",
    to_invoice: "to invoice",
    of_day: "of",
    bill_to: "Bill to",
    number: "Number",
    issued: "Date",
    tax_point: "Tax point",
    due: "Due by",
    order: "Your order",
    reference: "Your reference",
    your_vat_id: "Your VAT id",
    vat_id: "VAT id",
    item: "Item",
    quantity: "Quantity",
    unit_price: "Unit price",
    vat: "VAT",
    amount: "Amount",
    discount: "Discount",
    net: "Net",
    vat_on: "VAT",
    total: "Total",
    credited: "Credited",
    prepaid: "Paid before",
    to_pay: "To pay",
    on: "on",
    exempt: "Exempt from VAT",
    reverse_charge: "Reverse charge",
    export: "Export",
    outside: "Not subject to VAT",
    notes: "Notes",
    payment: "Payment",
    account: "Account of",
    purpose: "Reference",
    page: "Page",
    of: "of",
    attached: "The invoice as data (UBL 2.1, EN 16931)",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    day: "",
    thousands: ',',
    decimals: '.',
    percent: "%",
};

static GERMAN: Words = Words {
    language: "de",
    invoice: "Rechnung",
    credit_note: "Rechnungskorrektur",
    to_invoice: "zur Rechnung",
    of_day: "vom",
    bill_to: "Rechnung an",
    number: "Nummer",
    issued: "Datum",
    tax_point: "Leistungsdatum",
    due: "Zahlbar bis",
    order: "Ihre Bestellung",
    reference: "Ihr Zeichen",
    your_vat_id: "Ihre USt-IdNr.",
    vat_id: "USt-IdNr.",
    item: "Leistung",
    quantity: "Menge",
    unit_price: "Einzelpreis",
    vat: "USt",
    amount: "Betrag",
    discount: "Nachlass",
    net: "Netto",
    vat_on: "USt",
    total: "Gesamt",
    credited: "Gutschrift",
    prepaid: "Bereits gezahlt",
    to_pay: "Zu zahlen",
    on: "auf",
    exempt: "Steuerfrei",
    reverse_charge: "Steuerschuldnerschaft des Leistungsempfängers",
    export: "Ausfuhr",
    outside: "Nicht steuerbar",
    notes: "Hinweise",
    payment: "Zahlung",
    account: "Konto von",
    purpose: "Verwendungszweck",
    page: "Seite",
    of: "von",
    attached: "Die Rechnung als Daten (UBL 2.1, EN 16931)",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    day: ".",
    thousands: '.',
    decimals: ',',
    percent: "\u{a0}%",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_the_language_does() {
        let day = jiff::civil::date(2026, 3, 9);
        assert_eq!(ENGLISH.date(day), "9 March 2026");
        assert_eq!(GERMAN.date(day), "9. März 2026");
    }

    #[test]
    fn the_buyers_country_says_the_language() {
        for (country, words) in
            [("DE", &GERMAN), ("AT", &GERMAN), ("CH", &ENGLISH), ("JP", &ENGLISH)]
        {
            assert_eq!(Words::of(&country.parse().unwrap()), words, "{country}");
        }
    }
}
