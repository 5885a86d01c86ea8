//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::accounts::Accounts;
use crate::at_work::{AtWork, Shifts};
use crate::domain::Seller;
use crate::mail::{MailService, Writer};
use crate::numbering::Numbering;
use crate::on_offer::Offers;
use crate::pacing::Pacing;
use crate::page;
use crate::printing::Printing;
use crate::profiles::Profiles;
use crate::received::PROFILE_ERASED;
use crate::seller;
use crate::senders::{self, StepLengths, StepSenders};
use crate::sent::STEP_DUE;
use crate::store::{
    Archive, ByCustomer, ErasedPeople, InvoiceCredits, InvoiceSeries, Invoices, LicenceKeys,
    Licences, MailOperations, Orders, Payloads, VendorCalls,
};
use crate::tails::Tails;
use crate::told;
use crate::vendor::{Vendor, VendorWebhooks};
use azure_data::{BlobContainer, Cosmos, QueueName, Storage, clock};
use custom_handler::{Settings, SettingsError, TraceContext};
use invoice::vat;
use messages::{DeadLetterApp, DeadLetters, EventReader, EventSender, Letter, NotSent};
use public_api::{HealthChecks, Ownership, health::Dependency, lists::Continuation};
use staff_pages::{FormKey, Link};
use values::Clock;

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) orders: Orders,
    pub(crate) payloads: Payloads,
    pub(crate) seller: Seller,
    pub(crate) rates: vat::Table,
    pub(crate) numbering: Numbering,
    pub(crate) invoices: Invoices,
    pub(crate) credits: InvoiceCredits,
    pub(crate) archive: Archive,
    pub(crate) printing: Printing,
    pub(crate) offers: Offers,
    pub(crate) accounts: Accounts,
    pub(crate) profiles: Profiles,
    pub(crate) vendor: Vendor,
    pub(crate) vendor_calls: VendorCalls,
    pub(crate) vendor_webhooks: VendorWebhooks,
    pub(crate) licences: Licences,
    pub(crate) licence_keys: LicenceKeys,
    /// Which region is at work.
    pub(crate) at_work: AtWork,
    pub(crate) tails: Tails,
    pub(crate) step_senders: StepSenders,
    pub(crate) step_lengths: StepLengths,
    pub(crate) due_steps: EventReader,
    pub(crate) mail: MailService,
    pub(crate) letters: Writer,
    pub(crate) pacing: Pacing,
    pub(crate) mail_operations: MailOperations,
    /// Of invoices, to be attached to mails.
    pub(crate) pictures: BlobContainer,
    pub(crate) by_customer: ByCustomer,
    pub(crate) erased_people: ErasedPeople,
    pub(crate) erased_profiles: EventReader,
    /// Tells others what became of orders.
    pub(crate) events: EventSender,
    pub(crate) owners: Ownership,
    pub(crate) continuation: Continuation,
    pub(crate) form_key: FormKey,
    pub(crate) dead_letters: DeadLetters,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "sales"), Storage::read(settings));
        let (clock, continuation) = (clock(settings), Continuation::read(settings));
        let (profiles, vendor) = (Profiles::read(settings), Vendor::read(settings));
        let accounts = Accounts::read(settings);
        let (vendor_webhooks, licence_keys) =
            (VendorWebhooks::read(settings), LicenceKeys::read(settings));
        let (mail, letters) = (MailService::read(settings), Writer::read(settings));
        let (owners, pace) = (Ownership::read(settings), Pacing::pace(settings));
        let (form_key, shifts) = (FormKey::read(settings), Shifts::read(settings));
        let seller = seller::read(settings);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let (seller, shifts) = (seller?, shifts?);
        let series = InvoiceSeries::new(&cosmos);
        let regions = shifts.regions.all();
        let queues: Vec<QueueName> =
            senders::queues(regions).chain(["sales-erasures".into()]).collect();
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &queues)?;
        Ok(Self {
            clock: clock.clone(),
            orders: Orders::new(&cosmos),
            payloads: Payloads::new(&storage),
            numbering: Numbering::new(series, seller.clone(), clock.clone()),
            seller,
            rates: vat::Table::shipped(),
            invoices: Invoices::new(&cosmos),
            credits: InvoiceCredits::new(&cosmos),
            archive: Archive::new(&storage),
            printing: Printing::new(settings),
            offers: Offers::new(),
            accounts: accounts?,
            profiles: profiles?,
            vendor: vendor?,
            vendor_calls: VendorCalls::new(&cosmos),
            vendor_webhooks: vendor_webhooks?,
            licences: Licences::new(&cosmos),
            licence_keys: licence_keys?,
            step_senders: StepSenders::new(settings, &storage, regions),
            step_lengths: StepLengths::new(&storage, regions),
            at_work: AtWork::new(shifts, &cosmos, clock.clone()),
            tails: Tails::default(),
            due_steps: EventReader::new(settings, &[STEP_DUE]),
            mail: mail?,
            letters: letters?,
            pacing: Pacing::new(pace?, &cosmos, clock),
            mail_operations: MailOperations::new(&cosmos),
            pictures: storage.blobs("sales-invoices"),
            by_customer: ByCustomer::new(&cosmos),
            erased_people: ErasedPeople::new(&cosmos),
            erased_profiles: EventReader::new(settings, &[PROFILE_ERASED]),
            events: EventSender::new(settings, storage.queue_sender("sales-events"), told::TYPES),
            owners: owners?,
            continuation: continuation?,
            form_key: form_key?,
            dead_letters,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "sales";
    const NAVIGATION: &'static [Link<'static>] = page::NAVIGATION;

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }

    /// A step is for whoever is at work now, wherever it failed.
    async fn redrive(&self, letter: &Letter, _: &TraceContext) -> Result<(), NotSent> {
        match letter.queue.as_deref().and_then(senders::step_of) {
            None => self.dead_letters.send_to_its_queue(letter).await,
            Some(step) => {
                let queue = senders::queue_of(step, &self.at_work.primary().await);
                self.dead_letters.send_to(queue.as_str(), letter).await
            }
        }
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.orders.ping()).await]
    }
}
