//! A file of sales, and what became of its rows.

use super::{FileId, FileName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// Most refused rows that are named; all are counted.
const MAX_REFUSED: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SalesFile {
    pub(crate) id: FileId,
    pub(crate) name: FileName,
    /// A hash of what is in it.
    content: String,
    pub(crate) state: FileState,
    pub(crate) rows: u32,
    pub(crate) refused_rows: u32,
    /// The first [`MAX_REFUSED`] of them.
    pub(crate) refused: Vec<RefusedRow>,
    /// What others do not know yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fact: Option<FileFact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileState {
    /// Row after row.
    Taking,
    Taken,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedRow {
    /// Counted from 1.
    pub(crate) row: u32,
    /// Each field that is wrong and what would be right; never what is in it.
    pub(crate) why: String,
}

/// That the file was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileFact {
    pub(crate) revision: Revision,
    pub(crate) at: Timestamp,
}

/// A file of this name was begun with other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Differs;

impl SalesFile {
    /// One that is taken from now on. `content` is a hash of what is in it.
    pub(crate) fn begun(name: &FileName, content: &str) -> Self {
        let (rows, refused_rows, refused, fact) = (0, 0, Vec::new(), None);
        let (id, name, content) = (FileId::of(name), name.clone(), content.to_owned());
        Self { id, name, content, state: FileState::Taking, rows, refused_rows, refused, fact }
    }

    /// It comes again: the same, or it is refused, since what was sold by its rows stays sold.
    pub(crate) fn again(self, content: &str) -> Result<Self, Differs> {
        if self.content == content { Ok(self) } else { Err(Differs) }
    }

    /// All rows were looked at. What was found the first time stays.
    pub(crate) fn taken(self, rows: u32, refused: &[RefusedRow], at: Timestamp) -> Self {
        if self.state == FileState::Taken {
            return self;
        }
        Self {
            state: FileState::Taken,
            rows,
            refused_rows: u32::try_from(refused.len()).unwrap_or(u32::MAX),
            refused: refused.iter().take(MAX_REFUSED).cloned().collect(),
            fact: Some(FileFact { revision: Revision::FIRST, at }),
            ..self
        }
    }

    /// Others know that it was taken.
    pub(crate) fn told(self) -> Self {
        Self { fact: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_file_is_taken_once_and_another_one_of_its_name_is_refused() {
        let begun = SalesFile::begun(&"a.csv".parse().unwrap(), "hash");
        assert_eq!(begun.clone().again("hash"), Ok(begun.clone()));
        assert_eq!(begun.clone().again("other"), Err(Differs));
        let refused = [RefusedRow { row: 2, why: "soldAt: is missing".into() }];
        let taken = begun.taken(3, &refused, Timestamp::UNIX_EPOCH);
        assert_eq!((taken.rows, taken.refused_rows, taken.fact.is_some()), (3, 1, true));
        let told = taken.told();
        assert_eq!(told.clone().taken(3, &[], Timestamp::UNIX_EPOCH), told);
    }

    #[test]
    fn all_refused_rows_are_counted_and_the_first_thousand_named() {
        let refused: Vec<RefusedRow> =
            (1..=1_200).map(|row| RefusedRow { row, why: String::new() }).collect();
        let begun = SalesFile::begun(&"a.csv".parse().unwrap(), "hash");
        let taken = begun.taken(1_200, &refused, Timestamp::UNIX_EPOCH);
        assert_eq!((taken.refused_rows, taken.refused.len()), (1_200, MAX_REFUSED));
    }
}
