//! What apps say to each other, and what becomes of what failed.
//!
//! - [`CloudEvent`] and [`EventType`]: the envelope of every message between apps; an [`EventSender`] puts one into a
//!   queue, an [`EventReader`] takes one out.
//! - Event hubs, for facts that many may read: a [`Publisher`] publishes them, with the same key always in the same order, and
//!   a [`Telling`] what a change feed brings, once it is stored; an
//!   [`EventConsumer`] takes them in, one code for what a hub brings ([`consume`]) and for what comes again ([`replay`]).
//! - The same over Kafka: to topics a [`Publisher`] publishes where a setting says so, and [`consume_kafka`] takes in what
//!   they bring.
//! - Dead letters, for every app: what a function gives up, or the host moves to a poison queue, becomes a [`Letter`]
//!   in the app's container `dead-letters`. People list, read, edit, re-drive and discard it: by the JSON API, on a
//!   page, or with the command `dead-letters`.
//! - Poison queues: what the host put aside is worked at again by a timer of the app ([`again`]), without limit where the
//!   failure is ours, and becomes a letter where it is the message's.
//!
//! - [`OpenLetters`]: which letters of an app are open, without what they say, for whoever watches over all apps.
//!
//! An app gets its dead letters by saying what it is called and where it holds them:
//!
//! ```
//! use messages::{DeadLetterApp, DeadLetters};
//!
//! struct App { dead_letters: DeadLetters }
//!
//! impl DeadLetterApp for App {
//!     const NAME: &'static str = "bakery";
//!
//!     fn dead_letters(&self) -> &DeadLetters {
//!         &self.dead_letters
//!     }
//! }
//! ```
//!
//! and by registering their functions with one call, [`WithDeadLetters::dead_letters`].

mod cloud_event;
mod consuming;
mod dead_letters;
mod destination;
mod event_hub_transport;
mod event_type;
mod hub_requests;
mod kafka_events;
mod kafka_requests;
mod kafka_transport;
mod namespace;
mod not_published;
mod poison;
mod producing;
mod publishing;
mod receiving;
mod sending;
mod telling;

pub use cloud_event::{CloudEvent, SpecVersion};
pub use consuming::{EventConsumer, consume, replay};
pub use dead_letters::{
    About, Action, Content, Count, DeadLetterApp, DeadLetterFunctions, DeadLetterKeys, DeadLetters,
    Decision, Figure, Form, GIVEN_UP, Letter, LetterState, NotKept, NotSent, OpenLetter,
    OpenLetters, Origin, POISON, Report, WithDeadLetters, acting, keep_given_up, keep_rejected,
    letter_id,
};
pub use destination::Destination;
pub use event_type::EventType;
pub use kafka_events::consume_kafka;
pub use not_published::NotPublished;
pub use poison::{Again, again};
pub use publishing::Publisher;
pub use receiving::{EventReader, Received};
pub use sending::EventSender;
pub use telling::{Telling, without_nulls};
