//! Files of sales: every row, each once.

use crate::support::{abandoned_quote, contact, leads_that, start, taken, told, upload};
use app_tests::{Fault, Requests, Rule, Service, When};
use serde_json::{Value, json};
use std::time::Duration;

const NAMES: &str = "leadId,contactId,serviceId,soldAt,endsAt";
const QUOTE: &str = "01980c6e-3333-7000-8000-000000000001";
const LETTERS: &str = "/conversions/v1/dead-letters";

fn row(contact: &str, service: &str) -> String {
    format!(",{contact},{service},2026-11-02T08:00:00Z,")
}

#[tokio::test]
async fn every_row_of_a_file_is_a_sale_and_one_that_is_wrong_is_named() {
    let app = start().await;
    let (good, bad) = (row(&contact(1), "home-care"), row("nobody", "home-care"));
    let other = row(&contact(2), "day-care");
    upload(&app, "2026-11.csv", &[NAMES, &good, &bad, &other]).await;
    let file = taken(&app, "2026-11.csv").await;
    assert_eq!((&file["rows"], &file["refusedRows"]), (&json!(3), &json!(1)));
    let refused = &file["refused"][0];
    assert_eq!(refused["row"], 2);
    assert!(refused["why"].as_str().unwrap().starts_with("contactId: must be a UUID"), "{refused}");
    let sales = told(&app, "sale", 2).await;
    let mut sold: Vec<&Value> = sales.iter().map(|event| &event["data"]["serviceId"]).collect();
    sold.sort_by_key(|service| service.to_string());
    assert_eq!(sold, ["day-care", "home-care"]);
    let received = told(&app, "salesfile", 1).await.remove(0);
    let expected =
        json!({"fileId": file["id"], "rows": 3, "refusedRows": 1, "at": received["time"]});
    assert_eq!(received["data"], expected);
}

#[tokio::test]
async fn a_sale_wins_the_lead_that_it_names_or_that_its_contact_has() {
    let app = start().await;
    let (kim, lee, ann) = (contact(1), contact(2), contact(3));
    for contact in [&kim, &lee] {
        app.hub("contact").publish(&abandoned_quote(contact, QUOTE)).await;
    }
    let lead = leads_that(&app, &kim, "a lead", |leads| leads.len() == 1).await.remove(0);
    leads_that(&app, &lee, "a lead", |leads| leads.len() == 1).await;
    let lead = lead["id"].as_str().unwrap();
    let time = "2026-11-02T08:00:00Z";
    let by_lead = format!("{lead},,home-care,{time},2027-11-02T08:00:00Z");
    let of_another = format!("{lead},{ann},home-care,{time},");
    let unknown = format!("{QUOTE},,home-care,{time},");
    upload(&app, "a.csv", &[NAMES, &by_lead, &row(&lee, "home-care"), &of_another, &unknown]).await;
    let file = taken(&app, "a.csv").await;
    let why = |place: usize| file["refused"][place]["why"].as_str().unwrap();
    assert_eq!((file["refusedRows"].as_u64(), &file["refused"][0]["row"]), (Some(2), &json!(3)));
    assert_eq!(why(0), "contactId: the lead is another contact's");
    assert_eq!(why(1), "leadId: there is no such lead");
    for contact in [&kim, &lee] {
        let won =
            leads_that(&app, contact, "the won lead", |leads| leads[0]["state"] == "won").await;
        assert!(won[0]["saleId"].is_string());
    }
    let sales = told(&app, "sale", 2).await;
    let of_kim = sales.iter().find(|sale| sale["data"]["contactId"] == kim.as_str()).unwrap();
    assert_eq!(of_kim["data"]["leadId"], lead);
    assert_eq!(of_kim["data"]["endsAt"], "2027-11-02T08:00:00Z");
}

#[tokio::test]
async fn the_same_file_again_sells_nothing_twice_and_another_one_of_its_name_is_kept_for_people() {
    let app = start().await;
    let first = row(&contact(1), "home-care");
    upload(&app, "a.csv", &[NAMES, &first]).await;
    taken(&app, "a.csv").await;
    upload(&app, "a.csv", &[NAMES, &first]).await;
    upload(&app, "b.csv", &[NAMES, &first]).await;
    taken(&app, "b.csv").await;
    app.until_empty(&["conversions-files"]).await;
    upload(&app, "a.csv", &[NAMES, &row(&contact(2), "home-care")]).await;
    let letter = async || app.open_letters(LETTERS).await.into_iter().next();
    let letter = app.eventually("a dead letter", letter).await;
    assert!(letter["detail"].as_str().unwrap().contains("other content"), "{letter}");
    assert_eq!(told(&app, "sale", 2).await.len(), 2);
}

#[tokio::test]
async fn a_file_whose_taking_was_interrupted_is_taken_to_its_end() {
    let app = start().await;
    let rows: Vec<String> = (1..=40).map(|n| row(&contact(n), "home-care")).collect();
    let lines: Vec<&str> = std::iter::once(NAMES).chain(rows.iter().map(String::as_str)).collect();
    let only = Requests::any().writes().path("/colls/sales/docs");
    let fault = Fault::Forbidden;
    let rule = Rule { service: Service::Cosmos, only, fault, when: When::Nth(20) };
    app.faults().add(rule);
    upload(&app, "a.csv", &lines).await;
    let failed = async || {
        let mut runs = app.host().invocations().into_iter();
        runs.find(|run| run.function == "take_file" && run.status == Some(500)).map(drop)
    };
    app.eventually("a run that fails", failed).await;
    // The message is hidden for half a minute.
    app.travel(Duration::from_secs(31));
    let file = taken(&app, "a.csv").await;
    assert_eq!((&file["rows"], &file["refusedRows"]), (&json!(40), &json!(0)));
    let sales = told(&app, "sale", 40).await;
    assert_eq!(sales.len(), 40);
    assert_eq!(told(&app, "salesfile", 1).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_file_of_sales_is_kept_for_people() {
    let app = start().await;
    upload(&app, "no-table.csv", &["who,what,when"]).await;
    upload(&app, "in/a/folder.csv", &[NAMES]).await;
    let both = async || {
        let letters = app.open_letters(LETTERS).await;
        (letters.len() == 2).then_some(letters)
    };
    let letters = app.eventually("two dead letters", both).await;
    let details: Vec<&str> = letters.iter().map(|one| one["detail"].as_str().unwrap()).collect();
    assert!(details.iter().any(|detail| detail.contains("leadId and contactId")), "{details:?}");
    assert!(details.iter().any(|detail| detail.contains("the file's name must be")), "{details:?}");
    app.get("/conversions/v1/sales-files/no-table.csv").await.refused(404, "no-such-file", &[]);
    app.get("/conversions/v1/sales-files/-").await.refused(400, "invalid-parameter", &["fileName"]);
}

#[tokio::test]
async fn garbage_in_the_queues_is_kept() {
    let app = start().await;
    app.keeps_garbage("conversions-files", LETTERS).await;
    app.keeps_garbage("conversions-replays", LETTERS).await;
}
