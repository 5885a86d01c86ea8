//! Killing a handler, restarting an app.

use http::StatusCode;

use super::Fields;
use crate::{
    page::{Visit, answers::Refusal},
    platform::RunningApp,
};

/// `kill -9`, of one process or of all of an app.
pub(in crate::page) async fn kill_handlers(
    visit: &Visit,
    app: &str,
    pid: Option<u32>,
) -> Result<String, Refusal> {
    let running = find(visit, app)?;
    let pids = running.pool.pids();
    match pid {
        Some(pid) if running.pool.crash_one(pid).await => {
            Ok(format!("Killed process {pid} of {app}."))
        }
        Some(pid) => Err(Refusal::new(
            StatusCode::CONFLICT,
            format_args!("{app} has no process {pid} (any more)"),
        )),
        None if pids.is_empty() => Err(Refusal::new(
            StatusCode::CONFLICT,
            format_args!("{app} is asleep: there is nothing to kill"),
        )),
        None => {
            running.pool.crash().await;
            Ok(format!("Killed every process of {app}."))
        }
    }
}

/// Ends the processes and forgets all errors.
pub(in crate::page) async fn restart_app(visit: &Visit, app: &str) -> Result<String, Refusal> {
    find(visit, app)?.pool.restart().await;
    Ok(format!("Restarted {app}: the next request starts its handler."))
}

pub(super) async fn kill(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    let pid = fields.get("pid").map(str::parse).transpose();
    let pid = pid.map_err(|_| Refusal::bad("a process id is a number"))?;
    kill_handlers(visit, fields.need("app")?, pid).await
}

pub(super) async fn restart(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    restart_app(visit, fields.need("app")?).await
}

fn find<'a>(visit: &'a Visit, app: &str) -> Result<&'a RunningApp, Refusal> {
    let found = visit.page.platform.app(app);
    found.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, format_args!("there is no app {app}")))
}
