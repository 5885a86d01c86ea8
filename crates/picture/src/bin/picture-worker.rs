//! The decoding process alone, for the tests of this crate, whose own `main` is the test runner's.

fn main() {
    picture::worker::run_if_asked();
}
