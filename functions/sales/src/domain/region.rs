//! Where we run.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest name of a region, in characters: other names are made of it.
const MAX_CHARS: usize = 30;

/// A region by its name: `westeurope`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Region(String);

impl Region {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Region {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        match is_word && (1..=MAX_CHARS).contains(&text.len()) {
            true => Ok(Self(text.to_owned())),
            false => Err("must be 1 to 30 small letters and digits, such as westeurope"),
        }
    }
}

impl TryFrom<String> for Region {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.0
    }
}

/// Several regions, separated by commas, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Regions(Vec<Region>);

impl Regions {
    pub(crate) fn all(&self) -> &[Region] {
        &self.0
    }
}

impl FromStr for Regions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut regions: Vec<Region> = Vec::new();
        for name in text.split(',').map(str::trim) {
            let region: Region = name.parse().map_err(|why| format!("{name:?} {why}"))?;
            if regions.contains(&region) {
                return Err(format!("{region} is there twice"));
            }
            regions.push(region);
        }
        Ok(Self(regions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_word() {
        for wrong in ["", "West", "west-europe", "west europe", &"x".repeat(31)] {
            assert!(wrong.parse::<Region>().is_err(), "{wrong}");
        }
        assert_eq!("eastus2".parse::<Region>().unwrap().as_str(), "eastus2");
    }

    #[test]
    fn regions_are_listed_once_each() {
        let regions: Regions = "westeurope, eastus2".parse().unwrap();
        assert_eq!(regions.all().len(), 2);
        assert_eq!("a,b,a".parse::<Regions>(), Err("a is there twice".to_owned()));
        assert!("a,,b".parse::<Regions>().unwrap_err().starts_with("\"\" must be"));
    }
}
