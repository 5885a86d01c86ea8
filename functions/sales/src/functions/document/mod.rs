//! Queue `sales-document-%SUN_REGION%`: the picture of an invoice is made, with its UBL inside.

use crate::app::App;
use crate::domain::{Issued, IssuedKind, ProblemCode, Step};
use crate::issuing;
use crate::steps::{self, Payload, Stopped, Work, broken, over};
use crate::store::{Archive, Format, sha256};
use custom_handler::{Bytes, Done, Failure, Function, Invocation, QueueMessage, function};
use invoice::{Number, ubl};
use jiff::civil::Date;
use money::Money;
use serde::{Deserialize, Serialize};

pub(crate) const FUNCTION: Function = function!();

/// What this step leaves behind: nothing of it is about a person.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentMade {
    number: Number,
    kind: IssuedKind,
    total: Money,
    due: Option<Date>,
    pdf: String,
    ubl: String,
    /// Of the PDF.
    sha256: String,
}

impl Payload for DocumentMade {
    const TYPE: &'static str = "document";
}

/// Makes it, unless it lies in the archive: then that is the document.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    steps::make(app, Step::Document, &message, invocation, async |work| make(app, work).await).await
}

async fn make(app: &App, work: &Work) -> Result<DocumentMade, Stopped> {
    let number = work.order.invoice_number.as_deref();
    let number = number.ok_or_else(|| broken("the order has no invoice yet"))?;
    let issued = issuing::read(app, number).await?;
    let number = issued.number().clone();
    let there = app.archive.read(&number, Format::Pdf).await.map_err(broken)?;
    let pdf = match there {
        Some(there) => there.content,
        None => {
            let drawn = drawn(app, &issued).await?;
            app.archive.keep(&number, Format::Pdf, drawn).await.map_err(broken)?
        }
    };
    Ok(DocumentMade {
        kind: issued.kind(),
        total: issued.invoice.totals().gross,
        due: issued.invoice.content().due,
        pdf: Archive::path(&number, Format::Pdf),
        ubl: Archive::path(&number, Format::Ubl),
        sha256: sha256(&pdf),
        number,
    })
}

/// Some milliseconds of work, beside the threads that answer others.
async fn drawn(app: &App, issued: &Issued) -> Result<Bytes, Stopped> {
    let ubl = app.archive.read(issued.number(), Format::Ubl).await.map_err(broken)?;
    let ubl = match ubl {
        Some(ubl) => ubl.content,
        None => ubl::write(&issued.invoice).map_err(broken)?.into(),
    };
    let unprintable = |why: &dyn std::fmt::Display| over(ProblemCode::Unprintable, why.to_string());
    let fonts = app.printing.fonts().map_err(|why| unprintable(&why))?;
    let invoice = issued.invoice.clone();
    let drawing =
        tokio::task::spawn_blocking(move || invoice_pdf::render(&invoice, &fonts, Some(&ubl)));
    let drawn = drawing.await.map_err(broken)?;
    // It names the field and the code point, and nothing else of the text.
    let drawn = drawn.map_err(|why| unprintable(&why))?;
    Ok(drawn.into())
}
