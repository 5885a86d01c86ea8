//! An invoice is issued: its sums are made, it gets its number, and it is written for ever. Whoever does it again finds the
//! number and the invoice, and changes neither.

use crate::app::App;
use crate::crediting;
use crate::domain::invoicing::{self, Days, NotInvoiceable};
use crate::domain::{Issued, Order, ProblemCode, Reserved, Wanted};
use crate::numbering::NoNumber;
use crate::steps::{Stopped, broken, over};
use crate::store::{Format, sha256};
use invoice::{Draft, Number, ubl};
use jiff::civil::Date;

impl From<NotInvoiceable> for Stopped {
    fn from(why: NotInvoiceable) -> Self {
        over(ProblemCode::InvoiceInvalid, why.to_string())
    }
}

impl From<NoNumber> for Stopped {
    fn from(why: NoNumber) -> Self {
        match why {
            NoNumber::Ended(_) | NoNumber::Series(_) => {
                over(ProblemCode::InvoiceInvalid, why.to_string())
            }
            passing => broken(passing),
        }
    }
}

/// What is invoiced: an order, or what a credit note takes back.
struct Subject<'a> {
    order: &'a Order,
    /// The invoice that is credited, and the credit notes to it that came before.
    credited: Option<(Issued, Vec<Reserved>)>,
}

impl Subject<'_> {
    fn draft(&self, app: &App, days: Days) -> Result<Draft, NotInvoiceable> {
        match (&self.credited, &self.order.credits) {
            (Some((of, before)), Some(this)) => {
                let draft = invoicing::credit(&of.invoice, before, this, days)?;
                match &self.order.on_account {
                    Some(to) => invoicing::given_back(draft, to),
                    None => Ok(draft),
                }
            }
            _ => invoicing::draft(self.order, &app.seller, &app.rates, days),
        }
    }

    /// Neither before its tax point nor before the invoice that it takes back.
    fn not_before(&self, tax_point: Date) -> Date {
        let credited = self.credited.as_ref().map(|(of, _)| of.invoice.content().issued);
        tax_point.max(credited.unwrap_or(Date::MIN))
    }
}

/// The invoice of an order, which is issued if it is not yet; its UBL lies in the archive.
pub(crate) async fn issue(app: &App, order: &Order) -> Result<Issued, Stopped> {
    let issued = match &order.invoice_number {
        Some(number) => read(app, number).await?,
        None => issue_anew(app, order).await?,
    };
    let written = ubl::write(&issued.invoice).map_err(NotInvoiceable::from)?;
    let kept = app.archive.keep(issued.number(), Format::Ubl, written.into()).await;
    if sha256(&kept.map_err(broken)?) != issued.ubl_sha256 {
        tracing::warn!(number = %issued.number(), "the UBL in the archive is of another release");
    }
    Ok(issued)
}

/// The invoice that an order has.
pub(crate) async fn read(app: &App, number: &str) -> Result<Issued, Stopped> {
    let number: Number = number.parse().map_err(broken)?;
    let found = app.invoices.read(&number).await.map_err(broken)?;
    found.ok_or_else(|| broken(format!("the invoice {number} is not there")))
}

/// The sums are made before the number is taken: a number that was taken has its invoice, sooner or later.
async fn issue_anew(app: &App, order: &Order) -> Result<Issued, Stopped> {
    let subject = Subject { order, credited: credited(app, order).await? };
    let tax_point = app.seller.day(order.tax_point());
    let not_before = subject.not_before(tax_point);
    let today = app.seller.day(app.clock.now()).max(not_before);
    let trial = subject.draft(app, Days { tax_point, issued: today })?;
    invoicing::written(&trial)?;
    let wanted = Wanted { tax_point, not_before };
    let given = app.numbering.number(order.id, wanted).await?;
    let days = Days { tax_point: given.tax_point, issued: given.issued };
    let draft = subject.draft(app, days)?;
    let invoice = draft.numbered(given.number).map_err(NotInvoiceable::from)?;
    let ubl_sha256 = sha256(&ubl::write(&invoice).map_err(NotInvoiceable::from)?);
    let issued = Issued { order: order.id, profile: order.profile, ubl_sha256, invoice };
    let kept = app.invoices.keep(&issued).await.map_err(broken)?;
    if kept.order == order.id {
        return Ok(kept);
    }
    let why = format!("{} is the number of another order's invoice", kept.number());
    Err(over(ProblemCode::InvoiceInvalid, why))
}

async fn credited(app: &App, order: &Order) -> Result<Option<(Issued, Vec<Reserved>)>, Stopped> {
    let Some(credits) = &order.credits else { return Ok(None) };
    let of = read(app, &credits.invoice.to_string()).await?;
    let before = crediting::reserve(app, order.id, credits, &of).await?;
    Ok(Some((of, before)))
}
