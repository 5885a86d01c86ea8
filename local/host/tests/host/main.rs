//! The host as its users see it: real handler processes, real sockets, free ports.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod admin;
mod building;
mod callers;
mod clock;
mod command;
mod enveloped;
mod event_hubs;
mod external_services;
mod faults;
mod forwarded;
mod handler;
mod lifecycle;
mod messages;
mod mock_command;
mod mocks;
mod page;
mod proxied;
mod resends;
mod resources;
mod several_apps;
mod sign_in;
mod simulators;
mod support;
mod telemetry;
mod timeouts;
mod triggers;
