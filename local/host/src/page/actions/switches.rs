//! Switching faults on and off.

use http::StatusCode;

use super::Fields;
use crate::{
    FaultSpec,
    log::HOST,
    page::{Visit, answers::Refusal},
};

pub(in crate::page) fn switch_on(visit: &Visit, spec: &str) -> Result<String, Refusal> {
    let spec: FaultSpec = spec.parse().map_err(Refusal::bad)?;
    visit.page.faults.switch_on(&spec).map_err(Refusal::bad)?;
    visit.page.platform.log.warn(HOST, format_args!("simulated fault on: {spec}"));
    Ok(format!("Fault on: {spec}"))
}

pub(in crate::page) fn switch_off(visit: &Visit, id: &str) -> Result<String, Refusal> {
    if !visit.page.faults.remove(id) {
        let message = format_args!("there is no fault {id} (any more)");
        return Err(Refusal::new(StatusCode::NOT_FOUND, message));
    }
    visit.page.platform.log.info(HOST, format_args!("simulated fault {id} off"));
    Ok("Fault off.".to_owned())
}

pub(super) fn add(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    switch_on(visit, fields.need("fault")?)
}

pub(super) fn remove(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    switch_off(visit, fields.need("id")?)
}

pub(in crate::page) fn clear(visit: &Visit) -> String {
    visit.page.faults.clear();
    visit.page.platform.log.info(HOST, "simulated faults off");
    "All faults off.".to_owned()
}
