//! The spans of a trace that is not exported are kept until it shows how the work ended: what failed or was slow is
//! exported after all, with everything that happened in it here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, SpanContext, SpanId, Status, TraceContextExt, TraceFlags};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

/// From here on work is slow.
const SLOW: Duration = Duration::from_secs(1);
/// Most spans that are kept of one piece of work, and of all; of more only those that failed are exported.
const MAX_OF_ONE: usize = 64;
const MAX_KEPT: usize = 2_048;
/// Most spans that are open at the same time and watched.
const MAX_OPEN: usize = 2_048;

/// Hands on what is to be exported.
#[derive(Debug)]
pub(super) struct Keeping<P> {
    next: Arc<OnceLock<P>>,
    kept: Mutex<Kept>,
}

/// What is not exported yet.
#[derive(Debug, Default)]
struct Kept {
    /// The spans that have not ended, and the outermost one here around each.
    open: HashMap<SpanId, SpanId>,
    /// Those that have, by the outermost one, which has not.
    ended: HashMap<SpanId, Vec<SpanData>>,
    count: usize,
}

impl<P> Keeping<P> {
    pub(super) fn new(next: Arc<OnceLock<P>>) -> Self {
        Self { next, kept: Mutex::default() }
    }

    /// Nothing panics while it is held, and what is kept does no harm.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: SpanProcessor> SpanProcessor for Keeping<P> {
    fn on_start(&self, span: &mut Span, parent: &Context) {
        if !span.span_context().is_sampled() {
            self.kept().begins(span.span_context().span_id(), parent.span().span_context());
        }
    }

    fn on_end(&self, span: SpanData) {
        let telling = match span.span_context.is_sampled() {
            true => vec![span],
            false => self.kept().ends(span),
        };
        // Before the handler listens nothing is there to hand it to.
        let Some(next) = self.next.get() else { return };
        telling.into_iter().map(exported).for_each(|span| next.on_end(span));
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.next.get().map_or(Ok(()), SpanProcessor::force_flush)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.get().map_or(Ok(()), |next| next.shutdown_with_timeout(timeout))
    }

    /// Whoever starts what comes next tells it.
    fn set_resource(&mut self, _: &Resource) {}
}

impl Kept {
    fn begins(&mut self, span: SpanId, parent: &SpanContext) {
        if self.open.len() >= MAX_OPEN {
            return;
        }
        let is_inside = parent.is_valid() && !parent.is_remote();
        let around = is_inside.then(|| self.open.get(&parent.span_id()).copied()).flatten();
        self.open.insert(span, around.unwrap_or(span));
        if around.is_none() {
            self.ended.insert(span, Vec::new());
        }
    }

    /// What is to be exported now.
    fn ends(&mut self, span: SpanData) -> Vec<SpanData> {
        let id = span.span_context.span_id();
        let outermost = self.open.remove(&id);
        if outermost == Some(id) {
            let mut all = self.ended.remove(&id).unwrap_or_default();
            self.count -= all.len();
            let tells = is_slow(&span) || failed(&span) || all.iter().any(failed);
            all.push(span);
            return if tells { all } else { Vec::new() };
        }
        let has_room = self.count < MAX_KEPT;
        let others = outermost.and_then(|outermost| self.ended.get_mut(&outermost));
        match others.filter(|others| has_room && others.len() < MAX_OF_ONE) {
            Some(others) => {
                self.count += 1;
                others.push(span);
                Vec::new()
            }
            // It ended after what it was a part of, or there are too many.
            None => Some(span).filter(failed).into_iter().collect(),
        }
    }
}

fn failed(span: &SpanData) -> bool {
    matches!(span.status, Status::Error { .. })
}

fn is_slow(span: &SpanData) -> bool {
    span.end_time.duration_since(span.start_time).is_ok_and(|took| took >= SLOW)
}

/// As one that is exported; what comes next may ask.
fn exported(mut span: SpanData) -> SpanData {
    let context = &span.span_context;
    if context.is_sampled() {
        return span;
    }
    span.span_context = SpanContext::new(
        context.trace_id(),
        context.span_id(),
        context.trace_flags() | TraceFlags::SAMPLED,
        context.is_remote(),
        context.trace_state().clone(),
    );
    span
}

#[cfg(test)]
#[path = "keeping_tests.rs"]
mod tests;
