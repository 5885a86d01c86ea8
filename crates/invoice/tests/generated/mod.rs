//! Made-up invoices, each with the credit notes to it: all categories and many rates of VAT, prices finer than a cent,
//! discounts, currencies with and without decimals, texts in several scripts with what XML must escape.

use invoice::{
    Address, Category, CreditError, CreditedLine, Crediting, Draft, Invoice, Kind, Line, Number,
    Party, Payment, Rate, Reason, Series, Transfer, Treatment, vat::Table,
};
use jiff::{ToSpan, civil::date};
use money::{Currency, Money};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

/// Those that EN 16931 can write.
pub(crate) const WRITABLE: &[&str] = &["EUR", "EUR", "USD", "CHF", "SEK", "HUF", "JPY"];
const TEXTS: &[&str] = &[
    "Night watch",
    "Größe & Länge <2> \"fein\"",
    "観測の夜",
    "Ночь > день",
    "ليلة",
    "]]> &amp; 'x'",
];
/// Country and a VAT id of it.
const PLACES: &[(&str, &str)] = &[
    ("DE", "DE123456789"),
    ("AT", "ATU12345678"),
    ("GR", "EL123456789"),
    ("FR", "FRXX123456789"),
    ("NL", "NL123456789B01"),
    ("CH", "CHE123456789MWST"),
    ("NO", "NO123456789MVA"),
];

#[derive(Debug, Clone)]
struct RawLine {
    quantity: u32,
    price: (i64, u32),
    discount: Option<i64>,
    rate: &'static str,
    text: &'static str,
    note: Option<&'static str>,
}

#[derive(Debug, Clone)]
struct RawInvoice {
    currency: &'static str,
    lines: Vec<RawLine>,
    seller: (&'static str, &'static str),
    buyer: (&'static str, &'static str),
    is_firm: bool,
    mixed: bool,
    day: i32,
    prepaid: Option<i64>,
    transfer: bool,
    notes: Vec<&'static str>,
    credits: Vec<Vec<(usize, u32)>>,
    all_back: bool,
}

fn raw_line() -> impl Strategy<Value = RawLine> {
    let quantity = prop_oneof![4 => 1..=12_u32, 1 => 1..=10_000_u32];
    let price = prop_oneof![
        4 => (0..100_000_i64, 0..=2_u32),
        2 => (0..100_000_i64, 3..=6_u32),
        1 => (0..=1_000_000_000_i64, Just(0_u32)),
    ];
    let discount = option::weighted(0.4, 0..=1_000_i64);
    let rates = select(&["19", "7", "25.5", "8.1", "5.5", "2.125", "0.5", "Z", "E", "G", "AE"][..]);
    let note = option::weighted(0.2, select(TEXTS));
    (quantity, price, discount, rates, select(TEXTS), note).prop_map(
        |(quantity, price, discount, rate, text, note)| RawLine {
            quantity,
            price,
            discount,
            rate,
            text,
            note,
        },
    )
}

/// An invoice and the credit notes to it, in their order.
pub(crate) fn family(currencies: Vec<&'static str>) -> impl Strategy<Value = Vec<Invoice>> {
    let lines = prop_oneof![20 => vec(raw_line(), 1..12), 1 => vec(raw_line(), 200)];
    let credits = vec(vec((any::<prop::sample::Index>(), 1..=12_u32), 1..4), 0..4);
    let what = (select(currencies), lines, select(PLACES), select(PLACES), any::<[bool; 4]>());
    let how = (0..364_i32, option::weighted(0.2, 0..=1_000_i64), vec(select(TEXTS), 0..3), credits);
    (what, how).prop_map(
        |((currency, lines, seller, buyer, flags), (day, prepaid, notes, credits))| {
            let [is_firm, mixed, transfer, all_back] = flags;
            let credits = credits
                .into_iter()
                .map(|note| note.into_iter().map(|(at, n)| (at.index(lines.len()), n)).collect())
                .collect();
            let raw = RawInvoice {
                currency,
                lines,
                seller,
                buyer,
                is_firm,
                mixed,
                day,
                prepaid,
                transfer,
                notes,
                credits,
                all_back,
            };
            raw.family()
        },
    )
}

impl RawInvoice {
    fn family(&self) -> Vec<Invoice> {
        let draft = self.draft();
        let year = draft.tax_point.year();
        let number = |counter: usize| {
            let series = Series::on("IOEU", date(year, 1, 1)).unwrap();
            Number::new(series, u32::try_from(counter).unwrap()).unwrap()
        };
        let invoice = draft.numbered(number(1)).expect("a valid draft");
        let mut notes: Vec<Invoice> = Vec::new();
        for credit in &self.credits {
            let lines = credit.iter().map(|(at, quantity)| CreditedLine {
                id: invoice.content().lines[*at].id.clone(),
                quantity: *quantity,
            });
            self.add(&invoice, &Crediting::Lines(lines.collect()), &mut notes, &number);
        }
        if self.all_back {
            self.add(&invoice, &Crediting::Rest, &mut notes, &number);
        }
        std::iter::once(invoice).chain(notes).collect()
    }

    fn add(
        &self,
        invoice: &Invoice,
        what: &Crediting,
        notes: &mut Vec<Invoice>,
        number: &dyn Fn(usize) -> Number,
    ) {
        match invoice.credit(what, notes, invoice.content().issued) {
            Ok(draft) => {
                let note = draft.numbered(number(notes.len() + 2)).expect("a valid credit note");
                notes.push(note);
            }
            Err(
                CreditError::MoreThanLeft { .. }
                | CreditError::NoSuchLine(_)
                | CreditError::Nothing,
            ) => {}
            Err(other) => panic!("{other}"),
        }
    }

    fn draft(&self) -> Draft {
        let currency: Currency = self.currency.parse().unwrap();
        let issued = date(2026, 1, 1).checked_add(self.day.days()).unwrap();
        let lines = self.lines.iter().enumerate().map(|(at, raw)| self.line(at, raw, currency));
        let mut draft = Draft {
            kind: Kind::Invoice,
            seller: party("Iommi & Söhne", self.seller, true),
            buyer: party("観測 <Co>", self.buyer, self.is_firm || self.mixed),
            issued,
            tax_point: issued,
            due: Some(issued.checked_add(14.days()).unwrap()),
            currency,
            lines: lines.collect(),
            notes: self.notes.iter().map(|note| line(note)).collect(),
            payment: self.transfer.then(payment).unwrap_or_default(),
            prepaid: None,
            order_reference: self.transfer.then(|| line("018f3c2e")),
            buyer_reference: self.is_firm.then(|| line("04011000-1234512345-35")),
        };
        let gross = draft.totals().expect("a valid draft").gross;
        draft.prepaid = self.prepaid.map(|per_mille| part(gross, per_mille));
        draft
    }

    fn line(&self, at: usize, raw: &RawLine, currency: Currency) -> Line {
        let unit_price = Money::new(Decimal::new(raw.price.0, raw.price.1), currency);
        let full = unit_price.times(raw.quantity.into()).unwrap().rounded().unwrap();
        Line {
            id: line(&(at + 1).to_string()),
            item: line(raw.text),
            quantity: raw.quantity,
            unit_price,
            discount: raw.discount.map(|per_mille| part(full, per_mille)),
            vat: if self.mixed { mixed(raw.rate) } else { self.by_the_table() },
            note: raw.note.map(line),
        }
    }

    fn by_the_table(&self) -> Treatment {
        let id = self.is_firm.then(|| self.buyer.1.parse().unwrap());
        let [seller, buyer] = [self.seller.0, self.buyer.0].map(|code| code.parse().unwrap());
        Table::shipped().treatment(seller, buyer, id.as_ref(), date(2026, 1, 1)).unwrap()
    }
}

fn part(of: Money, per_mille: i64) -> Money {
    let part = of.times(Decimal::new(per_mille, 3)).unwrap();
    let floored = part.rounded().unwrap();
    if floored.amount() > of.amount() { of } else { floored }
}

fn mixed(rate: &str) -> Treatment {
    let (category, rate, reason) = match rate {
        "Z" => (Category::Zero, "0", None),
        "E" => (Category::Exempt, "0", Some(("VATEX-EU-132", "Exempt: article 132"))),
        "G" => (Category::Export, "0", Some(("VATEX-EU-G", "Export"))),
        "AE" => (Category::ReverseCharge, "0", Some(("VATEX-EU-AE", "Reverse charge"))),
        rate => (Category::Standard, rate, None),
    };
    let reason = reason.map(|(code, text)| Reason { code: Some(line(code)), text: line(text) });
    Treatment { category, rate: rate.parse::<Rate>().unwrap(), reason }
}

fn party(name: &str, (country, vat_id): (&str, &str), is_firm: bool) -> Party {
    Party {
        name: line(name),
        address: Address {
            street: Some(line("Straße 1")),
            additional: None,
            city: Some(line("Łódź")),
            postal_code: Some(line("90-001")),
            subdivision: None,
            country: country.parse().unwrap(),
        },
        vat_id: is_firm.then(|| vat_id.parse().unwrap()),
        registration: is_firm.then(|| line("HRB 1")),
        email: Some(line("office@party.example")),
    }
}

fn payment() -> Payment {
    Payment {
        terms: Some(line("14 days net")),
        transfer: Some(Transfer {
            iban: "DE89370400440532013000".parse().unwrap(),
            account_name: Some(line("Iommi & Söhne")),
            bic: Some(line("COBADEFF")),
        }),
        reference: None,
    }
}

fn line<const MAX: usize>(text: &str) -> values::Line<MAX> {
    values::Line::parse(text).unwrap()
}
