use super::no_table::{MAX_ROWS, NoTable};
use super::*;
use pretty_assertions::assert_eq;

const LEAD: &str = "01980c6e-5555-8000-8000-000000000001";
const CONTACT: &str = "01980c6e-1111-7000-8000-000000000001";

fn whys(content: &str) -> Vec<Result<u32, (u32, String)>> {
    let table = Table::read(content.as_bytes()).unwrap();
    let row =
        |row: Result<Row, BadRow>| row.map(|row| row.number).map_err(|bad| (bad.number, bad.why));
    table.rows.into_iter().map(row).collect()
}

#[test]
fn columns_come_in_any_order_and_those_of_other_names_are_left_alone() {
    let content = format!(
        "\u{feff}soldAt,note,serviceId,contactId,endsAt\r\n2026-11-01T08:00:00Z,\"a, b\",home-care, {CONTACT} ,\r\n\
         2026-11-01T08:00:00Z,,home-care,{CONTACT},2027-11-01T08:00:00Z\r\n"
    );
    let rows = Table::read(content.as_bytes()).unwrap().rows;
    let row = rows[0].clone().unwrap();
    assert_eq!((row.number, row.whom), (1, Whom::Contact(CONTACT.parse().unwrap())));
    assert_eq!((row.ends_at, rows[1].as_ref().unwrap().ends_at.is_some()), (None, true));
}

#[test]
fn a_lead_may_have_its_contact_beside_it() {
    let content = format!(
        "leadId,contactId,serviceId,soldAt\n{LEAD},{CONTACT},home-care,2026-11-01T08:00:00Z\n"
    );
    let row = Table::read(content.as_bytes()).unwrap().rows.remove(0).unwrap();
    let contact = Some(CONTACT.parse().unwrap());
    assert_eq!(row.whom, Whom::Lead(LEAD.parse().unwrap(), contact));
}

#[test]
fn a_bad_row_is_named_with_all_that_is_wrong_and_the_others_are_read() {
    let content = format!(
        "contactId,serviceId,soldAt,endsAt\n{CONTACT},home-care,2026-11-01T08:00:00Z,\n\
         nobody,Home Care,yesterday,\n{CONTACT}\n\n{CONTACT},day-care,2026-11-01T08:00:00Z,2026-10-01T08:00:00Z\n\
         ,day-care,2026-11-01T08:00:00Z,\n{CONTACT},day-care,2026-11-01T08:00:00Z,\n"
    );
    let found = whys(&content);
    let why = |row: usize| found[row].clone().unwrap_err().1;
    assert_eq!((&found[0], &found[5]), (&Ok(1), &Ok(6)));
    assert_eq!(why(1).matches("must be").count(), 3, "{}", why(1));
    assert!(!why(1).contains("nobody") && !why(1).contains("yesterday"), "{}", why(1));
    assert_eq!(why(2), "serviceId: is missing; soldAt: is missing");
    assert_eq!(why(3), "endsAt: must be later than soldAt");
    assert_eq!(why(4), "leadId or contactId: one of them is needed");
}

#[test]
fn a_field_that_is_no_text_spoils_its_row_only() {
    let mut content = format!("contactId,serviceId,soldAt\n{CONTACT},").into_bytes();
    content.extend([0xff, 0xfe]);
    content.extend(format!(",2026-11-01T08:00:00Z\n{CONTACT},a,2026-11-01T08:00:00Z\n").bytes());
    let rows = Table::read(&content).unwrap().rows;
    assert_eq!(rows[0].as_ref().unwrap_err().why, "serviceId: must be text in UTF-8");
    assert!(rows[1].is_ok());
}

#[test]
fn what_is_no_table_of_sales_is_refused_with_what_it_lacks() {
    let refused = |content: &[u8]| Table::read(content).unwrap_err();
    assert_eq!(refused(b""), NoTable::Lacks("leadId and contactId"));
    assert_eq!(refused(b"contactId,soldAt\n"), NoTable::Lacks("serviceId"));
    assert_eq!(refused(b"contactId,serviceId\n"), NoTable::Lacks("soldAt"));
    assert_eq!(refused(b"contactId,contactId,serviceId,soldAt\n"), NoTable::Twice("contactId"));
    assert_eq!(refused(&[0xff, 0xfe, b'\n']), NoTable::NoText);
    let long = format!("contactId,serviceId,soldAt\n{}", "a,b,c\n".repeat(MAX_ROWS + 1));
    assert_eq!(refused(long.as_bytes()), NoTable::TooManyRows);
    let full = format!("contactId,serviceId,soldAt\n{}", "a,b,c\n".repeat(MAX_ROWS));
    assert_eq!(Table::read(full.as_bytes()).unwrap().rows.len(), MAX_ROWS);
}
