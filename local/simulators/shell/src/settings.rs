//! Settings: environment variables, or what a test says instead.

use std::{collections::HashMap, fmt, str::FromStr, sync::Arc};

use crate::{Clock, Faults, Options, StartError, Switches};

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// The settings a simulator is started with. An empty value counts as none.
#[derive(Clone)]
pub struct Settings(Arc<Lookup>);

/// What every simulator reads.
#[derive(Clone, Debug)]
pub struct CommonSettings<F> {
    /// `PORT`.
    pub port: u16,
    /// `<PREFIX>_FAULTS`.
    pub faults: F,
    /// `<PREFIX>_SEED`.
    pub seed: u64,
    /// By `CLOCK_OFFSET_FILE`.
    pub clock: Clock,
}

impl Settings {
    /// The process's environment variables.
    pub fn from_env() -> Self {
        Self(Arc::new(|name| std::env::var(name).ok()))
    }

    /// These settings and no others.
    pub fn of<'a>(settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let settings: HashMap<String, String> =
            settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self(Arc::new(move |name| settings.get(name).cloned()))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.trim().is_empty())
    }

    /// A text that must be there.
    pub fn required(&self, name: &str, example: &'static str) -> Result<String, StartError> {
        self.text(name).ok_or_else(|| refused(name, "is missing", example))
    }

    /// A value of any kind that can be read from a text.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(
        &self,
        name: &str,
        example: &'static str,
    ) -> Result<Option<T>, StartError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|why: T::Err| refused(name, why, example))
    }

    /// What every simulator reads: `PORT`, `<PREFIX>_FAULTS` (JSON, or one line such as `down=closed,times=3`),
    /// `<PREFIX>_SEED` and `CLOCK_OFFSET_FILE`.
    pub fn options<F: Faults>(
        &self,
        prefix: &str,
        default_port: u16,
    ) -> Result<Options<F>, StartError> {
        let CommonSettings { port, faults, seed, clock } = self.common(prefix, default_port)?;
        Ok(Options { port, switches: Switches::new(faults, seed)?, clock })
    }

    /// The same, for a simulator that makes its [`Options`] itself.
    pub fn common<F: Faults>(
        &self,
        prefix: &str,
        default_port: u16,
    ) -> Result<CommonSettings<F>, StartError> {
        let faults_name = format!("{prefix}_FAULTS");
        let faults = match self.text(&faults_name) {
            None => F::default(),
            Some(text) => F::read(&text)
                .map_err(|why| refused(&faults_name, why, "delayMs=200 or {\"delayMs\": 200}"))?,
        };
        let seed = self.parsed(&format!("{prefix}_SEED"), "42")?.unwrap_or(0);
        Ok(CommonSettings {
            port: self.parsed("PORT", "7090")?.unwrap_or(default_port),
            faults,
            seed,
            clock: self.clock()?,
        })
    }

    fn clock(&self) -> Result<Clock, StartError> {
        const NAME: &str = "CLOCK_OFFSET_FILE";
        let in_azure = self.text("IDENTITY_ENDPOINT").is_some();
        Clock::from_env_values(self.text(NAME).as_deref(), in_azure)
            .map_err(|why| refused(NAME, why, "the path of a file that holds 0"))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settings")
    }
}

fn refused(name: &str, why: impl fmt::Display, example: &'static str) -> StartError {
    StartError::Setting { name: name.to_owned(), why: why.to_string(), example }
}
