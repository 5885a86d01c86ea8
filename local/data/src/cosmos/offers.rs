//! Throughput offers name their container by its `_self` link, `dbs/RID/colls/RID/`; the emulator by its resource
//! id alone. The SDKs for JavaScript and Python look offers up by the link.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    Cosmos,
    message::{Call, Reply},
};

/// How many bytes of a container's resource id are those of its database.
const DATABASE_RID_BYTES: usize = 4;

impl Cosmos {
    /// Lists or queries offers.
    pub(super) async fn list_offers(&self, mut call: Call) -> Reply {
        if let Ok(query) = std::str::from_utf8(&call.body)
            && query.contains("/colls/")
        {
            call.body = links_to_ids(query).into();
        }
        let mut reply = self.emulator.execute(&call).await;
        if let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) {
            for offer in body.get_mut("Offers").and_then(Value::as_array_mut).into_iter().flatten()
            {
                if let Some(link) = offer["offerResourceId"].as_str().and_then(link_of) {
                    offer["resource"] = link.into();
                }
            }
            reply.body = body.to_string().into();
        }
        reply
    }
}

/// Replaces every `dbs/X/colls/Y/` by `Y`.
fn links_to_ids(query: &str) -> String {
    let mut rest = query;
    let mut out = String::with_capacity(query.len());
    while let Some(start) = rest.find("dbs/") {
        let mut parts = rest[start..].splitn(5, '/');
        let link = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
        let (Some("dbs"), Some(_), Some("colls"), Some(id), Some(after)) = link else {
            out.push_str(&rest[..start + "dbs/".len()]);
            rest = &rest[start + "dbs/".len()..];
            continue;
        };
        out.push_str(&rest[..start]);
        out.push_str(id);
        rest = after;
    }
    out + rest
}

fn link_of(container: &str) -> Option<String> {
    let bytes = STANDARD.decode(container.replace('-', "/")).ok()?;
    let database = STANDARD.encode(bytes.get(..DATABASE_RID_BYTES)?).replace('/', "-");
    Some(format!("dbs/{database}/colls/{container}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_and_the_id_in_it_find_each_other() {
        let link = link_of("AAAAAoAAAAc=").unwrap();
        assert_eq!(link, "dbs/AAAAAg==/colls/AAAAAoAAAAc=/");
        let query = format!(
            r#"{{"query":"SELECT * FROM r WHERE r.resource = '{link}' OR r.x = 'dbs/y'"}}"#
        );
        assert_eq!(
            links_to_ids(&query),
            r#"{"query":"SELECT * FROM r WHERE r.resource = 'AAAAAoAAAAc=' OR r.x = 'dbs/y'"}"#
        );
    }
}
