//! Signs and verifies what comes in, one JSON object a line, and says what became of it, one a line: for trying keys
//! out, and for holding this crate against others.
//!
//! ```sh
//! echo '{"sign": ["whsec_…"], "id": "msg_1", "at": 1764500000, "body": "{}"}' | json_lines
//! echo '{"verify": ["whsec_…"], "headers": {…}, "now": 1764500000, "body": "{}"}' | json_lines
//! ```

use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, Write as _},
};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use webhooks::{Headers, MessageId, Signer, SigningKey, Verifier, VerifyingKey};

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Sign { sign: Vec<String>, id: MessageId, at: i64, body: String },
    Verify { verify: Vec<String>, headers: BTreeMap<String, String>, now: i64, body: String },
}

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let answer = match answer(&line?) {
            Ok(answer) => answer,
            Err(error) => json!({"error": error.to_string()}),
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(line: &str) -> Result<Value, Box<dyn Error>> {
    match serde_json::from_str(line)? {
        Line::Sign { sign, id, at, body } => {
            let mut keys = keys::<SigningKey>(&sign)?.into_iter();
            let signer = Signer::new(keys.next().ok_or("a key is needed")?);
            let headers = keys.fold(signer, Signer::and).sign(
                &id,
                Timestamp::from_second(at)?,
                body.as_bytes(),
            );
            Ok(json!({"headers": BTreeMap::from(headers.pairs())}))
        }
        Line::Verify { verify, headers, now, body } => {
            let mut keys = keys::<VerifyingKey>(&verify)?.into_iter();
            let verifier = Verifier::new(keys.next().ok_or("a key is needed")?);
            let headers =
                Headers::from_pairs(headers.iter().map(|(name, value)| (name.as_str(), value)))?;
            let verified = keys.fold(verifier, Verifier::or).verify(
                &headers,
                body.as_bytes(),
                Timestamp::from_second(now)?,
            )?;
            Ok(json!({"verified": verified.id, "key": verified.key}))
        }
    }
}

fn keys<K: std::str::FromStr<Err = webhooks::KeyError>>(
    texts: &[String],
) -> Result<Vec<K>, webhooks::KeyError> {
    texts.iter().map(|text| text.parse()).collect()
}
