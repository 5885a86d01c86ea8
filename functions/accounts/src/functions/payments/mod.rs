//! Queue `accounts-payments`: lines of the bank's files.

use crate::app::App;
use crate::domain::{Amount, AmountError, CreditorReference, Payment};
use crate::received::BankPayment;
use crate::store::{NotPosted, Recorded};
use azure_data::ChangeError;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Posts the payment to the account that its reference names, once for each id of the bank's. What names no account, or
/// not in its currency, is for people to look at.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.bank_payments.read::<BankPayment>(&message, &mut invocation)?;
    let BankPayment { bank_id, reference, amount, .. } = event.data;
    let id = Payment::id_of(&bank_id)
        .map_err(|error| Failure::give_up(format!("`data.bankId` {error}")))?;
    let reference: CreditorReference =
        reference.parse().map_err(|error| Failure::give_up(format!("`data.reference` {error}")))?;
    let account = app.references.find(&reference).await.map_err(Failure::again)?;
    let account = account.ok_or_else(|| {
        Failure::give_up(format!("`data.reference`: no account has the reference {reference}"))
    })?;
    let read = |account: &crate::domain::Account| {
        let amount = Amount::of(amount, account.currency)?;
        Ok::<_, AmountError>(Payment { id: id.clone(), amount })
    };
    let posted = app.ledger.pay((account, &id), read, &app.clock).await;
    match posted.map_err(not_posted)? {
        Recorded::Now => tracing::info!(payment = %id, "a payment was posted"),
        Recorded::Before => tracing::info!(payment = %id, "a payment came again"),
    }
    Ok(Done::nothing())
}

fn not_posted(error: ChangeError<NotPosted<AmountError>>) -> Failure {
    match error {
        // The reference is reserved a moment before its account is opened.
        ChangeError::Refused(NotPosted::NoAccount) => {
            Failure::again("the account is not there yet")
        }
        ChangeError::Refused(NotPosted::Refused(error)) => {
            Failure::give_up(format!("`data.amount` {error}"))
        }
        ChangeError::Refused(other) => Failure::give_up(other),
        ChangeError::Exhausted(exhausted) => Failure::again(exhausted),
        ChangeError::Failed(failure) => Failure::again(failure),
    }
}
