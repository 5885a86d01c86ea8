//! What is sold, and how far each sale is: decisions and values, without Azure, HTTP or a clock.
//!
//! Everything hangs on two types. An [`Order`] is what somebody bought at the prices of that moment; its [`Progress`] says
//! which [`Step`] is due, in which attempt. A step is made by whoever gets a message about it, but only the attempt that is
//! due counts: what was done twice, late or by two at once changes nothing.

mod buyer;
mod charged;
mod credit_note;
mod credits;
mod delivered;
mod erasing;
mod fact;
mod ids;
pub(crate) mod invoicing;
#[cfg(test)]
pub(crate) mod invoicing_samples;
mod issued;
mod licence;
mod licence_wish;
mod listed;
mod made_first;
mod mail_operation;
mod mailing;
mod numbers;
mod offer;
mod on_account;
mod order;
mod order_state;
mod pace;
mod payload;
mod progress;
mod region;
mod request;
mod seller;
mod step;
mod sun;
mod vendor_call;
mod vendor_order;

pub(crate) use buyer::{Buyer, EmailAddress};
pub(crate) use credits::{CreditOf, Credits, NewCredit, NotCreditable, Pieces, Reserved};
pub(crate) use delivered::{DeliveredLine, LineSubscription, Provisioned, Subscribed};
pub(crate) use fact::{Fact, FactKind};
pub(crate) use ids::{AccountId, LicenceId, OrderId, ProfileId};
pub(crate) use issued::{Issued, IssuedKind};
pub(crate) use licence::{Licence, LicenceEvent, LicenceState, Sealed};
pub(crate) use licence_wish::LicenceWish;
pub(crate) use listed::ListedOrder;
pub(crate) use mail_operation::MailOperation;
pub(crate) use mailing::{MailStatus, undeliverable};
pub(crate) use numbers::{Counter, Given, Wanted};
pub(crate) use offer::{Offer, priced};
pub(crate) use on_account::OnAccount;
pub(crate) use order::{
    Cancelled, CancelledBecause, Duty, Happened, Mail, Order, OrderLine, Placed,
};
pub(crate) use order_state::OrderState;
pub(crate) use pace::MailPace;
pub(crate) use payload::PayloadPath;
pub(crate) use progress::{
    DueStep, NotRestartable, ProblemCode, Progress, StepProblem, StepProgress, StepState,
};
pub(crate) use region::{Region, Regions};
pub(crate) use request::NewOrder;
pub(crate) use seller::Seller;
pub(crate) use step::Step;
pub(crate) use sun::{Border, Override, Sun};
pub(crate) use values::ServiceId;
pub(crate) use vendor_call::{AnotherAttempt, Sent, Turn, VendorCall};
pub(crate) use vendor_order::{VendorOrder, VendorReference, VendorState};
