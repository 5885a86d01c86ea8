//! Counts that are nobody's.

use crate::support::TestApp;
use jiff::{SignedDuration, ToSpan, tz::TimeZone};
use pretty_assertions::assert_eq;
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_told_once_for_ten_people_and_more_and_nothing_else_is_left_of_it() {
    let app = TestApp::start().await;
    let id = app.begun_by_token("counted", "salaried").await;
    app.is(&id, "scored").await;
    let settled = app.host().clock().now() - SignedDuration::from_hours(72);
    let month = settled.to_zoned(TimeZone::UTC).date().first_of_month() - 1.month();
    let name = format!("{:04}-{:02}", month.year(), month.month());
    let assessments = app.documents("assessments");
    let add = async |person: u32, band: &str| {
        let mut copy = app.document(&id).await;
        let id = Uuid::now_v7().to_string();
        copy["id"] = json!(id);
        copy["person"]["subject"] = json!(format!("{person:08x}{person:056x}"));
        copy["at"] = json!(format!("{month}T12:00:00Z"));
        copy["endedAt"] = json!(format!("{month}T12:00:00.000Z"));
        copy["outcome"]["result"]["bins"]["income-level"] = json!(band);
        assessments.put(&id, &copy).await;
    };
    for person in 0..10 {
        add(person, "many").await;
        add(person % 9, "few").await;
    }
    add(3, "many").await;
    app.run_timer("statistics").await;
    let told = app.documents("statistics").all().await;
    let cells: Vec<_> = told.iter().filter(|it| it.get("results").is_some()).collect();
    assert_eq!(cells.len(), 1, "{told:?}");
    assert_eq!((&cells[0]["income"], &cells[0]["results"]), (&json!("many"), &json!(11)));
    assert_eq!(cells[0]["month"], json!(name));
    let paper = format!("paper.{name}");
    let paper = app.documents("statistics").get(&paper, &paper).await.unwrap();
    assert_eq!(paper["tally"], json!([]), "no pseudonym is left");
    add(77, "many").await;
    app.run_timer("statistics").await;
    let again = app.documents("statistics").all().await;
    assert_eq!(again.len(), told.len(), "it is not told again");
}
