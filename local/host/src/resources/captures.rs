//! Hubs whose events are written into a blob container of another app.

use std::sync::Arc;

use super::{Resources, ResourcesError};
use crate::{
    App, AppJson,
    app_json::{BlobContainer, Capture, EventHub},
    discovery::workspace_apps,
};

/// A hub that is not captured in this run, since the app that owns its container does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotCaptured {
    pub(crate) app: String,
    pub(crate) hub: String,
    pub(crate) container: String,
}

/// Takes capture off hubs whose container is that of an app which does not run, and says of which.
///
/// # Errors
/// A container that no app owns.
pub(crate) fn settle(
    apps: &[Arc<App>],
    resources: &mut [Resources],
) -> Result<Vec<NotCaptured>, ResourcesError> {
    let running: Vec<String> =
        resources.iter().flat_map(|owned| names(&owned.blob_containers)).collect();
    let mut not_captured = Vec::new();
    for (app, owned) in apps.iter().zip(resources) {
        for hub in &mut owned.event_hubs {
            let EventHub { name, capture: Some(Capture { container, .. }), .. } = hub else {
                continue;
            };
            if running.contains(container) {
                continue;
            }
            let one = NotCaptured {
                app: app.name.clone(),
                hub: name.clone(),
                container: container.clone(),
            };
            if !of_workspace(app).contains(container) {
                let NotCaptured { app, hub, container } = one;
                return Err(ResourcesError::NoCaptureContainer { app, hub, container });
            }
            hub.capture = None;
            not_captured.push(one);
        }
    }
    Ok(not_captured)
}

/// The blob containers of all apps of the app's workspace. One that cannot be read owns nothing that is known.
fn of_workspace(app: &App) -> Vec<String> {
    let Some(workspace) = app.source.workspace() else { return Vec::new() };
    let sources = workspace_apps(&workspace).unwrap_or_default();
    let declared = sources.iter().filter_map(|source| AppJson::read(&source.folder).ok());
    declared.flat_map(|app| names(&app.owns.blob_containers).collect::<Vec<_>>()).collect()
}

fn names(containers: &[BlobContainer]) -> impl Iterator<Item = String> {
    containers.iter().map(|container| container.name.clone())
}
