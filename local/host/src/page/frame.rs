//! What every page has around it.

use super::Visit;

pub(super) struct Frame {
    pub(super) title: String,
    /// The entry of the navigation that this page belongs to.
    pub(super) here: &'static str,
    pub(super) csrf: String,
    /// Where an action on this page comes back to.
    pub(super) back: String,
    pub(super) notice: Option<String>,
    /// How many simulated faults are on.
    pub(super) faults: usize,
}

impl Frame {
    pub(super) fn new(visit: &Visit, title: impl Into<String>, here: &'static str) -> Self {
        let state = &visit.page;
        let notice = visit.query("notice").and_then(|number| number.parse().ok());
        Self {
            title: title.into(),
            here,
            csrf: state.csrf.clone(),
            back: visit.address.clone(),
            notice: notice.and_then(|number| state.notices.get(number)),
            faults: state.faults.list().len(),
        }
    }

    #[cfg(test)]
    pub(super) fn for_tests() -> Self {
        Self {
            title: "Test".into(),
            here: "",
            csrf: "token".into(),
            back: "/".into(),
            notice: None,
            faults: 0,
        }
    }
}
