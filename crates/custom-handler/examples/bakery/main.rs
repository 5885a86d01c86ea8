//! A whole handler: an HTTP function, a queue function and the catch-all that makes 404 and 405
//! problems. Beside this file are host.json and the function folders, as the Functions host wants
//! them; build it, put the program beside them as `bakery` and start the host in this folder.

mod cake;
mod order_baked;

use std::process::ExitCode;
use std::sync::Mutex;

use custom_handler::{GivenUp, Handler, Setting, Settings, SettingsError, function, methods};

/// What all functions share.
struct Bakery {
    motto: String,
    oven: Mutex<cake::Cake>,
}

const MOTTO: Setting = Setting::new("BAKERY_MOTTO", "what stands on every box", "warm since 1889");
const DEGREES: Setting = Setting::new("OVEN_DEGREES", "how hot the oven is at first", "180");

impl Bakery {
    fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let motto = settings.text(&MOTTO);
        let degrees = settings.value_or(&DEGREES, 180);
        settings.check()?;
        Ok(Self { motto: motto?, oven: Mutex::new(cake::Cake { degrees: degrees?, glaze: None }) })
    }
}

/// Keeps what functions give up. A real shop writes it to a database.
async fn keep(_: &Bakery, given_up: GivenUp) -> Result<(), std::convert::Infallible> {
    tracing::warn!(function = given_up.function, reason = given_up.reason, "kept");
    Ok(())
}

fn main() -> ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<Bakery>, SettingsError> {
    let bakery: &'static Bakery = Box::leak(Box::new(Bakery::from_settings(settings)?));
    Ok(Handler::new(bakery)
        .problems(cake::ALL)
        .http(cake::FUNCTION, methods().get(cake::get).patch(cake::patch).max_body_bytes(1024))
        .unmatched(function!("unmatched"))
        .queue(order_baked::FUNCTION, order_baked::handle)
        .on_give_up(keep))
}
