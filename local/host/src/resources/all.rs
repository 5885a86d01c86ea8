//! Creating what all apps own, in the order in which one thing needs another.

use std::sync::Arc;

use super::{
    Resources, ResourcesError,
    absent::hubs_of_absent_apps,
    captures,
    provision::{provision, provision_groups, provision_hubs},
};
use crate::{App, Log, endpoints::Endpoints};

/// Creates what each app owns, for all apps: one may listen to the queue of another.
pub(crate) async fn provision_all(
    apps: &[Arc<App>],
    endpoints: &Endpoints,
    log: &Log,
) -> Result<Vec<Resources>, ResourcesError> {
    let mut resources: Vec<Resources> = apps.iter().map(|app| Resources::of(app)).collect();
    for captures::NotCaptured { app, hub, container } in captures::settle(apps, &mut resources)? {
        let why = format_args!("no app that runs owns the blob container {container}");
        log.info(&app, format_args!("the event hub {hub} is not captured: {why}"));
    }
    for (app, owned) in apps.iter().zip(&resources) {
        provision(&app.source.folder, owned, endpoints).await?;
        app.strays().iter().for_each(|stray| log.error(&app.name, stray));
    }
    let folders = apps.iter().map(|app| app.source.folder.as_path());
    provision_hubs(&hubs_of_absent_apps(folders, &resources), endpoints).await?;
    for owned in &resources {
        provision_hubs(&owned.event_hubs, endpoints).await?;
    }
    for owned in &resources {
        provision_groups(owned, endpoints).await?;
    }
    Ok(resources)
}
