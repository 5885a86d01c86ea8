//! Taking a file of sales: every row, whatever becomes of the others. The ids of sales follow from file and row, so that
//! taking it again, also after a crash in the middle, makes nothing twice.

use crate::app::App;
use crate::domain::{
    BadRow, Differs, FileId, FileName, FileState, Lead, NotASale, RefusedRow, Row, Sale, SaleId,
    Table, Whom,
};
use azure_data::{ChangeError, CosmosFailure, StorageFailure};
use custom_handler::{Failure, Metric};
use futures::{StreamExt, TryStreamExt, stream};
use ring::digest::{SHA256, digest};
use std::num::NonZeroU32;

/// Rows that are worked at at the same time.
const MAX_AT_ONCE: usize = 16;
/// Leads of a contact among which that of a sale is looked for.
const LEADS: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

const ROWS: Metric =
    Metric::counter("iommi.conversions.rows", "{row}", "rows of files of sales that were taken");

/// What came of a file.
pub(crate) struct TakenFile {
    pub(crate) rows: usize,
    pub(crate) refused: usize,
}

impl TakenFile {
    /// Tells in figures what came of it: once, since a file that was taken is not taken again.
    fn count(&self) {
        let confirmed = self.rows.saturating_sub(self.refused);
        for (outcome, rows) in [("confirmed", confirmed), ("refused", self.refused)] {
            if rows > 0 {
                ROWS.add(rows as u64, &[("outcome", outcome.into())]);
            }
        }
    }
}

/// Takes the file, or goes on with it. One that was taken stays as it is: none.
///
/// # Errors
/// [`Failure::GiveUp`] if it cannot be read as a whole, or was begun with other content.
pub(crate) async fn take(app: &App, name: &FileName) -> Result<Option<TakenFile>, Failure> {
    let content = app.sales_files.content(name).await.map_err(not_read)?;
    let content = content.ok_or_else(|| Failure::give_up("the file is not there any more"))?;
    let table = Table::read(&content).map_err(Failure::give_up)?;
    let begun = app.sales_files.begin(name, &hash(&content)).await.map_err(not_begun)?;
    if begun.state == FileState::Taken {
        return Ok(None);
    }
    let rows = table.rows.len();
    let mut refused: Vec<RefusedRow> = stream::iter(table.rows)
        .map(|row| one(app, begun.id, row))
        .buffer_unordered(MAX_AT_ONCE)
        .try_filter_map(|refused| async move { Ok(refused) })
        .try_collect()
        .await?;
    refused.sort_by_key(|refused| refused.row);
    let (count, now) = (u32::try_from(rows).unwrap_or(u32::MAX), app.clock.now());
    let taken = app.sales_files.change(begun.id, |file| file.taken(count, &refused, now));
    taken.await.map_err(Failure::again)?;
    let taken = TakenFile { rows, refused: refused.len() };
    taken.count();
    Ok(Some(taken))
}

/// A row: confirmed, or refused with what is wrong.
async fn one(
    app: &App,
    file: FileId,
    row: Result<Row, BadRow>,
) -> Result<Option<RefusedRow>, Failure> {
    let row = match row {
        Ok(row) => row,
        Err(BadRow { number, why }) => return Ok(Some(RefusedRow { row: number, why })),
    };
    match confirm(app, file, &row).await? {
        Ok(()) => Ok(None),
        Err(why) => Ok(Some(RefusedRow { row: row.number, why: why.to_string() })),
    }
}

/// First the sale, then its lead: whoever is killed in between does the second when the file comes again.
async fn confirm(app: &App, file: FileId, row: &Row) -> Result<Result<(), NotASale>, Failure> {
    let id = SaleId::of(file, row.number);
    let known = app.sales.read(id).await.map_err(Failure::again)?;
    let sale = match known {
        Some(sale) => sale,
        None => {
            let lead = lead_of(app, row).await.map_err(Failure::again)?;
            match Sale::of(file, row, lead.as_ref()) {
                Err(why) => return Ok(Err(why)),
                Ok(sale) => app.sales.confirm(sale).await.map_err(Failure::again)?,
            }
        }
    };
    if let Some(lead) = sale.lead_id {
        let won = app.leads.change(lead, |there| there.map(|lead| lead.won(sale.id)));
        won.await.map_err(Failure::again)?;
    }
    Ok(Ok(()))
}

/// The lead that the row names, or one of the contact that is open: rather one about the service, rather an old one.
async fn lead_of(app: &App, row: &Row) -> Result<Option<Lead>, CosmosFailure> {
    match row.whom {
        Whom::Lead(lead, _) => app.leads.read(lead).await,
        Whom::Contact(contact) => {
            let mut leads = app.leads.of_contact(contact, LEADS).await?;
            leads.retain(|lead| lead.due_at().is_some());
            let about = leads.iter().position(|lead| lead.is_about(&row.service_id)).unwrap_or(0);
            Ok(leads.into_iter().nth(about))
        }
    }
}

fn hash(content: &[u8]) -> String {
    digest(&SHA256, content).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn not_read(failure: StorageFailure) -> Failure {
    if failure.is_too_large() { Failure::give_up(failure) } else { Failure::again(failure) }
}

fn not_begun(error: ChangeError<Differs>) -> Failure {
    match error {
        ChangeError::Refused(Differs) => Failure::give_up(
            "a file of this name was taken with other content, and what was sold stays sold: give corrected rows a file \
             of another name",
        ),
        ChangeError::Exhausted(exhausted) => Failure::again(exhausted),
        ChangeError::Failed(failure) => Failure::again(failure),
    }
}
