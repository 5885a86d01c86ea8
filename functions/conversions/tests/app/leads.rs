//! Leads: whom they are about, and what becomes of them.

use crate::support::{abandoned_quote, account, contact, leads, leads_that, start, told};
use serde_json::{Value, json};
use std::time::Duration;

const QUOTE: &str = "01980c6e-3333-7000-8000-000000000001";
const CONTACTS: u64 = 12;

#[tokio::test]
async fn some_new_accounts_are_leads_and_each_fact_that_comes_twice_makes_one() {
    let app = start().await;
    for _ in 0..2 {
        for n in 1..=CONTACTS {
            app.hub("account").publish(&account(&contact(n), "activated", 1)).await;
        }
    }
    app.hub("contact").publish(&abandoned_quote(&contact(1), QUOTE)).await;
    let of_quote = |leads: &[Value]| leads.iter().any(|lead| lead["reason"] == "abandoned-quote");
    leads_that(&app, &contact(1), "the lead of the quote", of_quote).await;
    let settled = async || {
        // Each of them was published twice: the second time after the first.
        let told = app.hub("lead").events().await;
        let accounts = told.iter().filter(|event| event["data"]["reason"] == "new-account");
        (accounts.count() >= 1).then_some(())
    };
    app.eventually("a lead of an account", settled).await;
    let mut of_accounts = 0;
    for n in 1..=CONTACTS {
        let found = leads(&app, &contact(n)).await;
        let count = found.iter().filter(|lead| lead["reason"] == "new-account").count();
        assert!(count <= 1, "{found:?}");
        of_accounts += count;
    }
    assert!(of_accounts >= 1 && of_accounts < usize::try_from(CONTACTS).unwrap(), "{of_accounts}");
}

#[tokio::test]
async fn a_lead_without_a_sale_has_failed_after_thirty_days() {
    let app = start().await;
    let kim = contact(1);
    for _ in 0..2 {
        app.hub("contact").publish(&abandoned_quote(&kim, QUOTE)).await;
    }
    let lead = leads_that(&app, &kim, "the lead", |leads| leads.len() == 1).await.remove(0);
    assert_eq!((&lead["quoteId"], &lead["state"]), (&json!(QUOTE), &json!("open")));
    app.travel(Duration::from_secs(31 * 24 * 3_600));
    app.run_timer("look_after").await;
    leads_that(&app, &kim, "its end", |leads| leads[0]["state"] == "failed").await;
    let events = told(&app, "lead", 2).await;
    let id = lead["id"].as_str().unwrap();
    let names: Vec<&Value> = events.iter().map(|event| &event["id"]).collect();
    assert_eq!(
        names,
        [&json!(format!("{id}-1-lead-generated")), &json!(format!("{id}-2-lead-failed"))]
    );
    assert_eq!(events[1]["data"]["why"], "no-sale");
}

#[tokio::test]
async fn leads_to_a_contact_who_is_gone_fail_and_none_comes_after() {
    let app = start().await;
    let kim = contact(1);
    app.hub("contact").publish(&abandoned_quote(&kim, QUOTE)).await;
    leads_that(&app, &kim, "the lead", |leads| leads.len() == 1).await;
    app.hub("account").publish(&account(&kim, "deactivated", 3)).await;
    leads_that(&app, &kim, "its end", |leads| leads[0]["state"] == "failed").await;
    // Whoever was told of the end first hears of the beginning late: in the same partition, before the last one.
    for n in 2..=CONTACTS {
        app.hub("account").publish(&account(&contact(n), "deactivated", 3)).await;
        app.hub("account").publish(&account(&contact(n), "activated", 1)).await;
        let last = abandoned_quote(&contact(n), QUOTE);
        app.queue("conversions-replays").send_json(&last).await;
        leads_that(&app, &contact(n), "the quote", |leads| !leads.is_empty()).await;
    }
    for n in 2..=CONTACTS {
        let found = leads(&app, &contact(n)).await;
        assert!(found.iter().all(|lead| lead["reason"] == "abandoned-quote"), "{found:?}");
    }
}
