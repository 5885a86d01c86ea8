//! The app under test, as its own test program knows it.

use std::path::{Path, PathBuf};

use contract_check::{Contract, Description};

/// The app under test. Made by [`this_app!`](crate::this_app!).
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// Its name: that of its folder, its package and its binary.
    pub name: &'static str,
    /// Its folder, `functions/<name>`.
    pub folder: &'static str,
    /// Its binary, which Cargo builds for its tests.
    pub binary: &'static str,
    /// The OpenAPI document that it serves.
    pub contract: &'static str,
}

impl App {
    /// Its contract, to hold answers against.
    #[must_use]
    pub fn contract(&self) -> Contract {
        Contract::of(self.contract)
    }

    /// What its binary says of itself.
    #[must_use]
    pub fn description(&self) -> Description {
        Description::of(Path::new(self.binary))
    }

    /// The folder of the workspace.
    #[must_use]
    pub fn workspace(&self) -> PathBuf {
        Path::new(self.folder).ancestors().nth(2).expect("an app lies in functions/").to_owned()
    }

    /// The path of a file of the app, from the workspace, for messages.
    pub(crate) fn file(&self, path: &str) -> String {
        format!("functions/{}/{path}", self.name)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        let file = Path::new(self.folder).join(path);
        std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }
}

/// Where the function folders of the app in this folder are.
pub(crate) fn functions_folder(app: &Path) -> PathBuf {
    app.join("src/functions")
}

/// The [`App`] whose tests say this. The package has a binary of its own name, and a build script that writes the
/// contract (`contract_page::build`).
#[macro_export]
macro_rules! this_app {
    () => {
        $crate::App {
            name: ::core::env!("CARGO_PKG_NAME"),
            folder: ::core::env!("CARGO_MANIFEST_DIR"),
            binary: ::core::env!(::core::concat!("CARGO_BIN_EXE_", ::core::env!("CARGO_PKG_NAME"))),
            contract: ::core::include_str!(::core::concat!(
                ::core::env!("OUT_DIR"),
                "/openapi.yaml"
            )),
        }
    };
}
