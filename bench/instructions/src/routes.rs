//! Twenty routes as an app has them: resources within resources, pages, probes, and one that takes what is left.

use custom_handler::Function;

macro_rules! route {
    ($name:literal, $route:literal) => {
        Function::new(
            $name,
            concat!(
                r#"{ "bindings": [ { "type": "httpTrigger", "direction": "in", "name": "request", "methods": ["get"], "route": ""#,
                $route,
                r#"" }, { "type": "http", "direction": "out", "name": "response" } ] }"#
            ),
        )
    };
}

pub(super) const ALL: [Function; 20] = [
    route!("register", "v1/register"),
    route!("profiles", "v1/profiles"),
    route!("profile", "v1/profiles/{profileId}"),
    route!("subscriptions", "v1/profiles/{profileId}/subscriptions"),
    route!("subscription", "v1/profiles/{profileId}/subscriptions/{serviceId}"),
    route!("picture", "v1/profiles/{profileId}/picture"),
    route!("services", "v1/services"),
    route!("service", "v1/services/{serviceId}"),
    route!("orders", "v1/orders"),
    route!("order", "v1/orders/{orderId:guid}"),
    route!("lines", "v1/orders/{orderId:guid}/lines"),
    route!("line", "v1/orders/{orderId:guid}/lines/{number:int}"),
    route!("dead-letters", "v1/dead-letters"),
    route!("dead-letter", "v1/dead-letters/{letterId}"),
    route!("dead-letters-page", "dead-letters"),
    route!("dead-letter-page", "dead-letters/{letterId}"),
    route!("docs", "v1/docs"),
    route!("openapi", "v1/openapi.yaml"),
    route!("health", "v1/health/{probe}"),
    route!("rest", "v1/{*path}"),
];
