//! What is heard of a contact from others.

use super::{AccountId, Contact, Sold, TooManyProducts};
use jiff::Timestamp;
use values::Revision;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Their account was opened, by this revision of it.
    Opened { revision: Revision, account_id: Option<AccountId>, at: Timestamp },
    /// It was closed, and they are erased.
    Closed { revision: Revision, at: Timestamp },
    /// They bought something.
    Bought(Sold),
}

impl Contact {
    /// What becomes of them by that.
    pub(crate) fn hears(self, heard: &Heard) -> Result<Self, TooManyProducts> {
        match heard {
            Heard::Opened { revision, account_id, at } => {
                Ok(self.opened(*revision, *account_id, *at))
            }
            Heard::Closed { revision, at } => Ok(self.closed(*revision, *at)),
            Heard::Bought(sold) => self.bought(sold.clone()),
        }
    }

    /// What becomes of them by all of that, one after the other, and of each whether it was refused: what is leaves them as they
    /// are for the next.
    pub(crate) fn hears_all(self, heard: &[&Heard]) -> (Self, Vec<Result<(), TooManyProducts>>) {
        let mut contact = self;
        let ended = heard
            .iter()
            .map(|heard| contact.clone().hears(heard).map(|after| contact = after))
            .collect();
        (contact, ended)
    }
}
