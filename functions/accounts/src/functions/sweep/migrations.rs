//! Steps of migrations that nobody was asked for, or whose message was lost.

use crate::app::App;
use custom_handler::Failure;
use std::num::NonZeroU32;

/// Most of them in one run.
const MOST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

pub(super) async fn go_on(app: &App) -> Result<(), Failure> {
    let now = app.clock.now();
    for migration in app.migrations.stuck(now, MOST).await.map_err(Failure::again)? {
        let asked = app.migrations.change(&migration.id, |kept| kept.asked_again(now)).await;
        if let Some(migration) = asked.map_err(Failure::again)? {
            app.migrations.ask(&migration).await.map_err(Failure::again)?;
        }
    }
    Ok(())
}
