//! A file of sales as a table: RFC 4180, UTF-8, a line of names first.

use super::no_table::{MAX_ROWS, NoTable};
use super::table_row::{BadRow, Columns, Row};

/// What some programs write before the first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The rows of a file, in their order: each as what was sold, or with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Result<Row, BadRow>>,
}

impl Table {
    /// Reads a whole file. Columns of other names are left alone, and so are empty lines.
    pub(crate) fn read(content: &[u8]) -> Result<Self, NoTable> {
        let content = content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content);
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(content);
        let names = reader.headers().map_err(|_| NoTable::NoText)?;
        let columns = Columns::of(names)?;
        let mut rows = Vec::new();
        for (number, record) in (1..).zip(reader.byte_records()) {
            if rows.len() == MAX_ROWS {
                return Err(NoTable::TooManyRows);
            }
            // A slice in memory has no errors of reading, and a flexible table none of form.
            let row = record.map_err(|_| BadRow::unreadable(number));
            rows.push(row.and_then(|record| columns.row(number, &record)));
        }
        Ok(Self { rows })
    }
}
