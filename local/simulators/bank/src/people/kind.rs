//! The kinds of people who have accounts here, and what they live on.

use super::names::Script;

/// A kind of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Salaried,
    Freelancer,
    ThinFile,
    Gambler,
    Overdrawn,
    Joint,
    Saver,
    Abroad,
}

/// How often and how much: amounts are cents before a person's own scale is applied; `…_permille` is a day's chance.
#[derive(Clone, Debug)]
pub(crate) struct Habits {
    /// What the account held when its history begins.
    pub(crate) opening: i64,
    /// How far below zero the bank lets it go.
    pub(crate) overdraft: i64,
    /// Amount and day of the month.
    pub(crate) salaries: &'static [(i64, i8)],
    pub(crate) invoices_permille: u64,
    pub(crate) rent: i64,
    /// Day of the month and amount.
    pub(crate) debits: &'static [(i8, i64)],
    pub(crate) cards_permille: u64,
    pub(crate) cash_permille: u64,
    pub(crate) bets_permille: u64,
    pub(crate) friends_permille: u64,
    /// Of direct debits: how often one is returned though there is money.
    pub(crate) returns_permille: u64,
    pub(crate) loan: i64,
    pub(crate) saves: i64,
}

const USUAL_DEBITS: &[(i8, i64)] = &[(3, 6_450), (5, 7_800), (8, 2_999), (12, 3_490), (18, 1_299)];
const FEW_DEBITS: &[(i8, i64)] = &[(5, 6_200), (8, 1_999)];

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Salaried,
        Self::Freelancer,
        Self::ThinFile,
        Self::Gambler,
        Self::Overdrawn,
        Self::Joint,
        Self::Saver,
        Self::Abroad,
    ];

    /// What a customer's name begins with.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Salaried => "salaried",
            Self::Freelancer => "freelancer",
            Self::ThinFile => "thin-file",
            Self::Gambler => "gambler",
            Self::Overdrawn => "overdrawn",
            Self::Joint => "joint",
            Self::Saver => "saver",
            Self::Abroad => "abroad",
        }
    }

    /// For the page.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Salaried => "a salary, a flat, the usual debits",
            Self::Freelancer => "invoices that are paid when they are paid",
            Self::ThinFile => "an account that is sixty days old",
            Self::Gambler => "bets, and direct debits that come back",
            Self::Overdrawn => "below zero most of the time",
            Self::Joint => "one account of two, with two salaries",
            Self::Saver => "a savings account and a loan",
            Self::Abroad => "an account in yen, which has no cents",
        }
    }

    pub(crate) fn script(self) -> Script {
        match self {
            Self::Salaried | Self::ThinFile | Self::Saver => Script::Latin,
            Self::Gambler | Self::Joint | Self::Abroad => Script::Emoji,
            Self::Freelancer => Script::Arabic,
            Self::Overdrawn => Script::Hebrew,
        }
    }

    /// Currency, its decimal places, and how many of its smallest unit a thousand cents are.
    pub(crate) fn currency(self) -> (&'static str, u32, i64) {
        if self == Self::Abroad { ("JPY", 0, 1_600) } else { ("EUR", 2, 1_000) }
    }

    pub(crate) fn habits(self) -> Habits {
        let salaried = Habits {
            opening: 180_000,
            overdraft: 50_000,
            salaries: &[(320_000, 25)],
            invoices_permille: 0,
            rent: 98_000,
            debits: USUAL_DEBITS,
            cards_permille: 1_300,
            cash_permille: 70,
            bets_permille: 0,
            friends_permille: 100,
            returns_permille: 4,
            loan: 0,
            saves: 0,
        };
        match self {
            Self::Salaried | Self::Abroad => salaried,
            Self::Freelancer => Habits {
                opening: 420_000,
                overdraft: 150_000,
                salaries: &[],
                invoices_permille: 75,
                rent: 85_000,
                ..salaried
            },
            Self::ThinFile => Habits {
                opening: 0,
                overdraft: 0,
                salaries: &[(210_000, 28)],
                rent: 62_000,
                debits: FEW_DEBITS,
                cards_permille: 900,
                ..salaried
            },
            Self::Gambler => Habits {
                overdraft: 80_000,
                salaries: &[(265_000, 27)],
                rent: 74_000,
                bets_permille: 700,
                returns_permille: 120,
                cash_permille: 160,
                ..salaried
            },
            Self::Overdrawn => Habits {
                opening: -60_000,
                overdraft: 120_000,
                salaries: &[(168_000, 26)],
                rent: 72_000,
                cards_permille: 1_500,
                returns_permille: 40,
                ..salaried
            },
            Self::Joint => Habits {
                opening: 310_000,
                salaries: &[(290_000, 25), (214_000, 15)],
                rent: 142_000,
                cards_permille: 2_200,
                ..salaried
            },
            Self::Saver => Habits {
                opening: 260_000,
                salaries: &[(385_000, 25)],
                cards_permille: 1_100,
                loan: 28_500,
                saves: 60_000,
                ..salaried
            },
        }
    }
}
