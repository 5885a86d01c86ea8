//! How the vendor says no: `{"code", "message"}`.

use serde_json::json;
use simulator_shell::{Reply, StatusCode, reply};

use crate::{price::Price, store::NotStored, vendor::not_kept};

/// Why a client does not get what it asked for.
#[derive(Debug)]
pub(crate) enum Refused {
    /// What is wrong with the request.
    Invalid(String),
    NoService(String),
    NoOrder,
    /// It costs this now.
    PriceChanged(Price),
    OutOfStock,
    /// The order has changed since: this is its revision.
    Revision(u64),
    /// Nothing can be changed any more.
    Cancelled,
    Unavailable(&'static str),
    NotKept(NotStored),
}

impl From<NotStored> for Refused {
    fn from(error: NotStored) -> Self {
        Self::NotKept(error)
    }
}

impl From<Refused> for Reply {
    fn from(refused: Refused) -> Self {
        let told = |status, code, message: &str| {
            reply::json(status, &json!({"code": code, "message": message}))
        };
        match refused {
            Refused::Invalid(why) => told(StatusCode::BAD_REQUEST, "invalid", &why),
            Refused::NoService(id) => {
                let message =
                    format!("serviceId: there is no service {id:?}; see GET /v1/services");
                told(StatusCode::BAD_REQUEST, "no-service", &message)
            }
            Refused::NoOrder => told(StatusCode::NOT_FOUND, "no-order", "there is no such order"),
            Refused::PriceChanged(price) => {
                let message = "unitPrice is not what the service costs now";
                let body = json!({"code": "price-changed", "message": message, "unitPrice": price});
                reply::json(StatusCode::CONFLICT, &body)
            }
            Refused::OutOfStock => {
                told(StatusCode::CONFLICT, "out-of-stock", "so many licences are not to be had")
            }
            Refused::Revision(revision) => {
                let message = "the order has changed since: read it again";
                let body = json!({"code": "revision", "message": message, "revision": revision});
                reply::json(StatusCode::CONFLICT, &body)
            }
            Refused::Cancelled => {
                told(StatusCode::CONFLICT, "cancelled", "a cancelled order is not changed")
            }
            Refused::Unavailable(why) => {
                told(StatusCode::INTERNAL_SERVER_ERROR, "unavailable", why)
            }
            Refused::NotKept(error) => not_kept(error),
        }
    }
}

pub(crate) fn unauthorized() -> Reply {
    let message = "show the key: Authorization: Bearer KEY";
    reply::json(StatusCode::UNAUTHORIZED, &json!({"code": "unauthorized", "message": message}))
}

pub(crate) fn not_here() -> Reply {
    let message = "there is GET /v1/services, POST /v1/orders, GET /v1/orders?clientReference=, GET, PATCH and \
                   DELETE /v1/orders/{orderId}, GET /v1/orders/{orderId}/keys, GET /v1/simulation and what the \
                   README lists below it, /, /faults, /log and /health";
    reply::json(StatusCode::NOT_FOUND, &json!({"code": "not-here", "message": message}))
}
