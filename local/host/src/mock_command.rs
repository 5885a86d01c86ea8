//! `iommi mock FILE`.

use std::{io::Write as _, path::Path};

use local_host::{Alone, AloneError, Log, LogFormat};

/// Serves a contract until the future is dropped.
pub(crate) async fn run(file: &Path, port: u16) -> Result<(), AloneError> {
    let alone = Alone::open(file, port, Log::new(LogFormat::Human)).await?;
    // Whoever closed the pipe does not want to read it.
    let _ = write!(anstream::stdout(), "{}", alone.banner());
    alone.serve().await;
    Ok(())
}
