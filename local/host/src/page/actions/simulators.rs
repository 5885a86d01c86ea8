//! Stopping, starting and killing simulators.

use http::StatusCode;

use super::Fields;
use crate::{
    log::HOST,
    page::{Visit, answers::Refusal},
    simulators::Simulator,
};

/// Does `stop`, `start` or `kill` (as `kill -9`) to a simulator.
pub(in crate::page) fn act_on(visit: &Visit, name: &str, action: &str) -> Result<String, Refusal> {
    let simulator = find(visit, name)?;
    let told = match action {
        "stop" => {
            simulator.stop();
            format!("Stopped {name}.")
        }
        "start" => {
            simulator.begin();
            format!("Started {name}.")
        }
        "kill" => {
            let pid = simulator.state().pid();
            if !simulator.kill() {
                let message = format_args!("{name} has no process: there is nothing to kill");
                return Err(Refusal::new(StatusCode::CONFLICT, message));
            }
            return Ok(format!("Killed process {} of {name}.", pid.unwrap_or_default()));
        }
        _ => return Err(Refusal::not_found()),
    };
    visit.page.platform.log.info(HOST, format_args!("asked to {action} {name}"));
    Ok(told)
}

pub(super) fn act(visit: &Visit, fields: &Fields, action: &str) -> Result<String, Refusal> {
    act_on(visit, fields.need("name")?, action)
}

fn find<'a>(visit: &'a Visit, name: &str) -> Result<&'a Simulator, Refusal> {
    let found = visit.page.platform.simulators.get(name);
    found.ok_or_else(|| {
        Refusal::new(StatusCode::NOT_FOUND, format_args!("there is no simulator {name}"))
    })
}
