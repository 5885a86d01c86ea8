//! The words of a movement: with whom it was, and what somebody wrote. Names and account numbers stand inside the texts,
//! as people write them, and in every text the word of this bank: who searches for what must not be kept finds it.

use super::{Entry, Person, Pocket, draw::Draw, entry::What, iban, names};

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counterparty {
    pub(crate) name: String,
    /// None for what is paid by card, drawn as cash, or between a customer and the bank.
    pub(crate) iban: Option<String>,
}

/// The words of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    pub(crate) counterparty: Counterparty,
    pub(crate) remittance: String,
}

const BANK: &str = "Bank am Sund";

impl Person {
    /// The words of one of this person's entries.
    pub(crate) fn wording(&self, entry: &Entry) -> Wording {
        let reference = format!("{}-{:06X}", self.word, entry.detail.then(4).number() & 0xFF_FFFF);
        let counterparty = self.counterparty(entry);
        let text = self.text(entry, &counterparty);
        Wording { counterparty, remittance: format!("{text} {reference}") }
    }

    fn counterparty(&self, entry: &Entry) -> Counterparty {
        let with =
            |name: String, account: Draw| Counterparty { name, iban: Some(iban::other(account)) };
        let without = |name: &str| Counterparty { name: name.to_owned(), iban: None };
        let always = |place: u64| self.draw.then(place);
        let company = |place: u64| with(names::company(always(place)), always(place));
        let friend = entry.detail.then(5);
        match entry.what {
            What::Salary(nth) => company(60 + u64::from(nth)),
            What::Debit(slot) | What::ReturnedDebit(slot) => company(70 + u64::from(slot)),
            What::Invoice => with(names::company(friend), friend),
            What::Rent => with(names::anybody(always(80)), always(80)),
            What::Tax => with("Finanzkasse Sundhafen".to_owned(), always(81)),
            What::Loan => with("Kreditkontor Nord".to_owned(), always(82)),
            What::ToElsewhere | What::FirstDeposit => with(self.name(), always(83)),
            What::ToSavings | What::FromSavings => {
                Counterparty { name: self.name(), iban: Some(self.iban(Pocket::Savings)) }
            }
            What::Saved | What::TakenBack => {
                Counterparty { name: self.name(), iban: Some(self.iban(Pocket::Current)) }
            }
            What::ToFriend | What::FromFriend => with(names::anybody(friend), friend),
            What::Win => with("Wettbüro 🎲 Treffer".to_owned(), always(84)),
            What::Bet => without("Wettbüro 🎲 Treffer"),
            What::Card => without(names::shop(friend)),
            What::Cash => without("Geldautomat Marktplatz"),
            What::Fee | What::ReturnFee | What::Interest => without(BANK),
        }
    }

    fn text(&self, entry: &Entry, with: &Counterparty) -> String {
        let (own, other) = (self.name(), &with.name);
        let month = entry.value_on.strftime("%m/%Y");
        let account = with.iban.as_deref().unwrap_or_default();
        match entry.what {
            What::Salary(_) => format!("Gehalt {month} {own}"),
            What::Invoice => format!("Rechnung {month} an {own}, danke"),
            What::Rent => format!("Miete {month} {own}, Whg 3 links, an {other}"),
            What::Debit(_) => format!("Mandat {own} Beitrag {month}"),
            What::ReturnedDebit(_) => format!("Rücklastschrift {other} von {account}"),
            What::Card => format!("Kartenzahlung {other} {}", entry.value_on),
            What::Cash => format!("Bargeld {}", entry.value_on),
            What::Bet => format!("Einsatz {own}"),
            What::Win => format!("Gewinn für {own} 🎉"),
            What::ToFriend | What::FromFriend => friendly(entry.detail, &own, other, account),
            What::Tax => format!("Umsatzsteuer {month} {own}"),
            What::Loan => format!("Rate {month} Kredit {own}"),
            What::ToSavings | What::FromSavings | What::Saved | What::TakenBack => {
                format!("Sparen {month} {account}")
            }
            What::ToElsewhere | What::FirstDeposit => format!("Übertrag {own} {account}"),
            What::Fee => format!("Kontoführung bis {}", entry.value_on),
            What::ReturnFee => "Entgelt Rückgabe".to_owned(),
            What::Interest => format!("Zinsen bis {}", entry.value_on),
        }
    }
}

/// What people write to each other.
fn friendly(detail: Draw, own: &str, other: &str, account: &str) -> String {
    match detail.then(6).below(6) {
        0 => format!("Danke fürs Essen 🍕 {other}"),
        1 => format!("Geschenk für {own} ❤️ von {other}"),
        2 => format!("bitte künftig auf {account} überweisen, {other}"),
        3 => format!("شكرا {other}"),
        4 => format!("תודה {own}"),
        _ => format!("tak for sidst, {own} / {other} ☕"),
    }
}
