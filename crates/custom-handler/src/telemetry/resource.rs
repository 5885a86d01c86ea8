//! Who tells.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};

use crate::settings::Settings;

/// The name in the place of the program's.
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";
/// Set by Azure: the region.
const REGION: &str = "REGION_NAME";
/// Set by Azure or the host, the first that is there: which of several instances this is.
const INSTANCES: [&str; 3] =
    ["WEBSITE_INSTANCE_ID", "CONTAINER_NAME", "FUNCTIONS_CUSTOMHANDLER_WORKER_ID"];

/// The program, its instance and its region; what `OTEL_RESOURCE_ATTRIBUTES` says goes before.
pub(super) fn of(settings: &Settings) -> Resource {
    let instance = INSTANCES.into_iter().find_map(|name| settings.platform(name));
    let region = settings.platform(REGION);
    let given = [
        ("service.name", program()),
        ("service.instance.id", instance.clone()),
        ("faas.instance", instance),
        ("cloud.provider", region.as_ref().map(|_| "azure".to_owned())),
        ("cloud.region", region),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some(KeyValue::new(name, value?)));
    let resource = Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes(given)
        .with_detector(Box::new(EnvResourceDetector::new()));
    match settings.platform(SERVICE_NAME) {
        Some(name) => resource.with_service_name(name).build(),
        None => resource.build(),
    }
}

fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_stem()?.to_str()?.to_owned())
}
