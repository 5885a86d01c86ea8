//! The house rules that a test can check; they are in `tests/`.
