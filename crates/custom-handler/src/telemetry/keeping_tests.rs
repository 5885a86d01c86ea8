use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use pretty_assertions::assert_eq;

use super::super::sampler::Unforgetting;
use super::*;

/// Notes the names of what is exported.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<String>>);

impl SpanProcessor for Told {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        assert!(span.span_context.is_sampled(), "{} would be dropped", span.name);
        self.0.lock().unwrap().push(span.name.into_owned());
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

struct Rig {
    told: Arc<OnceLock<Told>>,
    tracer: SdkTracer,
    _provider: SdkTracerProvider,
}

fn rig(ratio: f64) -> Rig {
    let told = Arc::new(OnceLock::from(Told::default()));
    let provider = SdkTracerProvider::builder()
        .with_sampler(Unforgetting::new(ratio))
        .with_span_processor(Keeping::new(Arc::clone(&told)))
        .build();
    Rig { told, tracer: provider.tracer("test"), _provider: provider }
}

impl Rig {
    fn told(&self) -> Vec<String> {
        self.told.get().unwrap().0.lock().unwrap().clone()
    }

    /// A call with two reads in it, of which the second fails if it says so.
    fn call(&self, name: &'static str, read_fails: bool, took: Duration) {
        let end = std::time::SystemTime::now();
        let builder = self.tracer.span_builder(name).with_start_time(end - took);
        let call =
            Context::new().with_span(builder.start_with_context(&self.tracer, &Context::new()));
        drop(self.tracer.start_with_context("read", &call));
        let mut second = self.tracer.start_with_context("read again", &call);
        if read_fails {
            second.set_status(Status::error(""));
        }
        drop(second);
        call.span().end_with_timestamp(end);
    }
}

const QUICK: Duration = Duration::from_millis(1);

#[test]
fn with_a_ratio_of_one_everything_is_exported() {
    let rig = rig(1.0);
    rig.call("call", false, QUICK);
    assert_eq!(rig.told(), ["read", "read again", "call"]);
}

#[test]
fn what_was_not_chosen_and_went_well_is_forgotten() {
    let rig = rig(0.0);
    rig.call("call", false, QUICK);
    assert_eq!(rig.told(), Vec::<String>::new());
}

#[test]
fn what_was_not_chosen_and_failed_or_was_slow_is_exported_whole() {
    let rig = rig(0.0);
    rig.call("failing", true, QUICK);
    rig.call("slow", false, SLOW);
    assert_eq!(rig.told(), ["read", "read again", "failing", "read", "read again", "slow"]);
}

#[test]
fn whoever_began_a_trace_elsewhere_chooses() {
    let rig = rig(0.0);
    for (flags, name) in [(TraceFlags::SAMPLED, "chosen"), (TraceFlags::NOT_SAMPLED, "not chosen")]
    {
        let parent = SpanContext::new(7.into(), 8.into(), flags, true, Default::default());
        let parent = Context::new().with_remote_span_context(parent);
        drop(rig.tracer.start_with_context(name, &parent));
    }
    assert_eq!(rig.told(), ["chosen"]);
}

#[test]
fn work_of_many_spans_is_kept_in_part_and_its_failures_whole() {
    let rig = rig(0.0);
    let call = Context::new().with_span(rig.tracer.start_with_context("call", &Context::new()));
    for _ in 0..MAX_OF_ONE + 5 {
        drop(rig.tracer.start_with_context("read", &call));
    }
    let mut late = rig.tracer.start_with_context("late", &call);
    late.set_status(Status::error(""));
    drop(late);
    assert_eq!(rig.told(), ["late"]);
    call.span().set_status(Status::error(""));
    call.span().end();
    assert_eq!(rig.told().len(), MAX_OF_ONE + 2);
}

#[test]
fn what_has_ended_leaves_nothing_behind() {
    let mut kept = Kept::default();
    let nobody = SpanContext::empty_context();
    for id in 1..=10_u64 {
        kept.begins(id.into(), &nobody);
    }
    assert_eq!((kept.open.len(), kept.ended.len()), (10, 10));
    let rig = rig(0.0);
    for _ in 0..100 {
        rig.call("call", false, QUICK);
    }
    assert_eq!(rig.told(), Vec::<String>::new());
}
