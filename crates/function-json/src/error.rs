use thiserror::Error;

/// Why a `function.json` was refused. The host refuses such a function at load and goes on with the others.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FunctionJsonError {
    /// The text is not JSON.
    #[error(
        "reading function.json: line {line}, column {column}: {problem}; correct the JSON there"
    )]
    Syntax {
        /// Line of the first error, from 1.
        line: usize,
        /// Column of the first error, from 1.
        column: usize,
        /// What the parser found.
        problem: String,
    },
    /// A key is missing, has the wrong type or a value that the host does not take.
    #[error("reading function.json: `{key}` {problem}; {remedy}")]
    Key {
        /// Where, for example `bindings[1].queueName`.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        remedy: String,
    },
}

impl FunctionJsonError {
    pub(crate) fn key(
        key: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Key { key: key.into(), problem: problem.into(), remedy: remedy.into() }
    }

    pub(crate) fn syntax(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The place is in fields of its own; serde_json repeats it at the end of its text.
        let problem = text.split(" at line ").next().unwrap_or(&text).to_owned();
        Self::Syntax { line: error.line(), column: error.column(), problem }
    }
}
