//! What everybody's score is while nothing goes wrong.

use crate::book::{Book, Fate, Told};
use crate::partners::{begun, text};
use crate::people::{CUSTOMERS, Person};
use crate::platform::{Partner, ask};
use app_tests::eventually;
use app_tests::proof::Addresses;
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

/// Has everybody assessed by either leave, and waits for the ends.
pub(crate) async fn ask_for_everybody(addresses: &Addresses, book: &Book) {
    let mut asked = Vec::new();
    for customer in CUSTOMERS {
        for by_token in [true, false] {
            asked.push(one(addresses, book, customer, by_token).await);
        }
    }
    for id in asked {
        let path = format!("assessments/{id}");
        eventually("the end of a quiet assessment", async || {
            let shown = ask(addresses, Partner::Acme, (Method::GET, &path), &Value::Null).await;
            book.saw(&shown.body);
            let state = shown.body["state"].as_str()?.to_owned();
            assert_ne!(state, "failed", "{}", shown.body);
            ["scored", "not-scoreable"].contains(&state.as_str()).then_some(())
        })
        .await;
    }
}

async fn one(addresses: &Addresses, book: &Book, customer: &'static str, by_token: bool) -> String {
    let reference = format!("stille Kundin Ærø {}", Uuid::new_v4());
    let person = Person { partner: Partner::Acme, customer, reference };
    let body = if by_token {
        person.token(addresses, book).await
    } else {
        person.consent(addresses, book).await.expect("nothing goes wrong")
    };
    let key = Uuid::new_v4().to_string();
    let told = begun(addresses, person.partner, &key, &body, false).await;
    let (id, partner) = (text(&told, "id"), person.partner);
    let fate = Fate::Kept;
    book.note(Told {
        id: id.clone(),
        partner,
        body,
        key,
        customer,
        by_token,
        is_quiet: true,
        fate,
    });
    id
}
