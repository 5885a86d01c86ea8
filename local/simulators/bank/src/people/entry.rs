//! One movement of an account, small: what it says is worded when it is shown.

use jiff::civil::Date;

use super::draw::Draw;

/// A movement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// When it was made.
    pub(crate) value_on: Date,
    /// When the bank books it, up to three days later.
    pub(crate) booked_on: Date,
    /// In the currency's smallest unit, negative for what goes out.
    pub(crate) minor: i64,
    pub(crate) what: What,
    /// Unlike that of any other: its id and its words come from it.
    pub(super) detail: Draw,
}

/// What a movement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    FirstDeposit,
    Salary(u8),
    Invoice,
    Rent,
    Debit(u8),
    ReturnedDebit(u8),
    Card,
    Cash,
    Bet,
    Win,
    ToFriend,
    FromFriend,
    Tax,
    Loan,
    ToSavings,
    FromSavings,
    Saved,
    TakenBack,
    ToElsewhere,
    Fee,
    ReturnFee,
    Interest,
}

impl What {
    /// Paid by card: the bank books it when the shop sends it.
    pub(crate) fn is_by_card(self) -> bool {
        matches!(self, Self::Card | Self::Bet)
    }

    /// The ISO 20022 bank transaction code: domain, family and sub-family.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Salary(_) => "PMNT-RCDT-SALA",
            Self::FirstDeposit
            | Self::Invoice
            | Self::Win
            | Self::FromFriend
            | Self::FromSavings
            | Self::Saved => "PMNT-RCDT-ESCT",
            Self::Rent | Self::ToSavings => "PMNT-ICDT-STDO",
            Self::ToFriend | Self::Tax | Self::ToElsewhere | Self::TakenBack => "PMNT-ICDT-ESCT",
            Self::Debit(_) => "PMNT-IDDT-ESDD",
            Self::ReturnedDebit(_) => "PMNT-IDDT-UPDD",
            Self::Card | Self::Bet => "PMNT-CCRD-POSD",
            Self::Cash => "PMNT-CCRD-CWDL",
            Self::Loan => "LDAS-CSLN-PPAY",
            Self::Fee | Self::ReturnFee => "ACMT-MDOP-FEES",
            Self::Interest => "ACMT-MCOP-INTR",
        }
    }
}

impl Entry {
    /// The id under which it is shown once it is booked.
    pub(crate) fn id(&self) -> String {
        format!("tx_{:016x}", self.detail.then(1).number())
    }

    /// The id under which it is shown before: another one, as banks do it.
    pub(crate) fn pending_id(&self) -> String {
        format!("tx_{:016x}", self.detail.then(2).number())
    }

    /// Whether the bank still shows the pending copy of it beside the booked one, for a while.
    pub(crate) fn leaves_a_twin(&self) -> bool {
        self.detail.then(3).happens(300)
    }
}

/// An amount of a currency's smallest unit, displayed as a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Minor {
    pub(crate) minor: i64,
    pub(crate) places: u32,
}

impl std::fmt::Display for Minor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = 10_u64.pow(self.places);
        let (sign, size) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
        match self.places {
            0 => write!(f, "{sign}{size}"),
            places => {
                write!(f, "{sign}{}.{:0width$}", size / unit, size % unit, width = places as usize)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_places_of_their_currency() {
        let written = |minor, places| Minor { minor, places }.to_string();
        assert_eq!(
            [written(-5, 2), written(123_456, 2), written(-1_200, 0), written(0, 2)],
            ["-0.05", "1234.56", "-1200", "0.00"]
        );
    }
}
