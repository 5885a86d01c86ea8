//! Values of a person, and the bins they fall into.

use crate::Characteristic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was computed of an activity, by characteristic, in the characteristic's unit.
pub type Values = BTreeMap<Characteristic, i64>;

/// The name of the bin of each characteristic of a card. JSON: `{"income-level": "1500-2499", …}`, in the order of
/// [`Characteristic`]. All that is kept of a person's activity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bins(BTreeMap<Characteristic, String>);

impl Bins {
    /// The name of the characteristic's bin, if the card has the characteristic.
    #[must_use]
    pub fn get(&self, characteristic: Characteristic) -> Option<&str> {
        self.0.get(&characteristic).map(String::as_str)
    }

    /// In the order of [`Characteristic`].
    pub fn iter(&self) -> impl Iterator<Item = (Characteristic, &str)> {
        self.0.iter().map(|(characteristic, bin)| (*characteristic, bin.as_str()))
    }
}

impl<B: Into<String>> FromIterator<(Characteristic, B)> for Bins {
    fn from_iter<I: IntoIterator<Item = (Characteristic, B)>>(bins: I) -> Self {
        Self(bins.into_iter().map(|(characteristic, bin)| (characteristic, bin.into())).collect())
    }
}
