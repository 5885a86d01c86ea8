//! The trace goes on at whoever is called.

use crate::server::{Reply, Server};
use crate::tries::{HASTY, client};
use custom_handler::TraceContext;
use outgoing::Request;
use pretty_assertions::assert_eq;
use tracing::Instrument;

#[tokio::test]
async fn whoever_is_called_is_told_the_trace_that_goes_on_with_each_try() {
    let _heard = tracing::subscriber::set_default(tracing_subscriber::registry());
    let server = Server::start([Reply::status(503), Reply::ok("{}")]).await;
    let work = tracing::error_span!("work");
    let trace = TraceContext::fresh();
    let here = trace.begin(&work);
    let request = Request::get(server.url("/"));
    client(HASTY).call(&request).instrument(work).await.unwrap();
    assert_eq!((server.requests(), here.trace_id()), (2, trace.trace_id()));
    for nth in 0..2 {
        let head = server.head(nth);
        assert!(head.contains(&format!("traceparent: 00-{}-", trace.trace_id())), "{head}");
    }
}

#[tokio::test]
async fn a_request_of_another_trace_stays_in_that() {
    let _heard = tracing::subscriber::set_default(tracing_subscriber::registry());
    let server = Server::start([Reply::ok("{}")]).await;
    let work = tracing::error_span!("work");
    TraceContext::fresh().begin(&work);
    let other = TraceContext::fresh();
    let request = Request::get(server.url("/")).headers(other.headers());
    client(HASTY).call(&request).instrument(work).await.unwrap();
    let head = server.head(0);
    assert!(head.contains(&format!("traceparent: 00-{}-", other.trace_id())), "{head}");
    assert_eq!(head.matches("traceparent").count(), 1, "{head}");
}
