//! Why the simulator did not start.

/// Why [`start`](crate::start) failed.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or may not be used.
    #[error("listening on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port asked for; 0 means any.
        port: u16,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The faults to start with are none that the simulator knows.
    #[error(transparent)]
    Faults(#[from] crate::FaultsError),
}
