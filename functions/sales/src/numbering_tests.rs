use super::*;
use azure_data::Cosmos;
use custom_handler::Settings;
use jiff::civil::date;
use local_data::{DataServices, Fault, Options, Requests, Rule, Service, When};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

const ORDERS: u128 = 50;

/// Two instances of the app over the same Cosmos DB.
struct Instances {
    services: DataServices,
    both: [Arc<Numbering>; 2],
}

impl Instances {
    async fn start() -> Self {
        let services = DataServices::start(Options::ephemeral()).await.unwrap();
        let url = services.cosmos_url();
        azure_data::install_tls();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let key = json!({"paths": ["/seriesId"], "kind": "Hash", "version": 2});
        for (path, resource) in [
            ("dbs", json!({"id": "sales"})),
            ("dbs/sales/colls", json!({"id": "invoice-series", "partitionKey": key})),
        ] {
            let made = http.post(format!("{url}{path}")).body(resource.to_string()).send().await;
            assert_eq!(made.unwrap().status(), 201, "{path}");
        }
        let instance = || {
            let settings = Settings::from_map([("COSMOS__accountEndpoint", url)]);
            let cosmos = Cosmos::read(&settings, "sales").unwrap();
            let clock = azure_data::clock(&settings).unwrap();
            let seller = crate::domain::invoicing_samples::seller();
            Arc::new(Numbering::new(InvoiceSeries::new(&cosmos), seller, clock))
        };
        Self { both: [instance(), instance()], services }
    }

    fn loses(&self, when: When) {
        let only = Requests::any().writes().path("/colls/invoice-series/");
        let fault = Fault::LoseAnswer;
        self.services.faults().add(Rule { service: Service::Cosmos, only, fault, when });
    }

    /// All orders at once, each by both instances, as often as it takes.
    async fn number_all(&self, orders: std::ops::Range<u128>) -> BTreeMap<u128, Given> {
        let mut callers = tokio::task::JoinSet::new();
        for n in orders {
            for instance in self.both.iter().map(Arc::clone) {
                callers.spawn(async move { (n, insist(&instance, n).await) });
            }
        }
        let mut given = BTreeMap::new();
        for (n, got) in callers.join_all().await {
            let first = given.entry(n).or_insert_with(|| got.clone());
            assert_eq!(*first, got, "an order has one number");
        }
        given
    }
}

/// As the host brings a message again that failed.
async fn insist(numbering: &Numbering, n: u128) -> Given {
    let day = date(2026, 12, 1);
    for _ in 0..200 {
        let wanted = Wanted { tax_point: day, not_before: day };
        match numbering.number(OrderId::from(Uuid::from_u128(n)), wanted).await {
            Ok(given) => return given,
            Err(NoNumber::Failed(_) | NoNumber::Busy(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    panic!("order {n} has no number");
}

fn assert_no_gap(given: &BTreeMap<u128, Given>) {
    let mut counters: Vec<u32> = given.values().map(|one| one.number.counter()).collect();
    counters.sort_unstable();
    let wanted: Vec<u32> = (1..=u32::try_from(given.len()).unwrap()).collect();
    assert_eq!(counters, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_in_two_instances_have_the_numbers_from_one_to_fifty() {
    let instances = Instances::start().await;
    assert_no_gap(&instances.number_all(0..ORDERS).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_answers_are_lost_no_number_is_missing_and_none_is_there_twice() {
    let instances = Instances::start().await;
    let mut all = BTreeMap::new();
    for round in 0..10_u128 {
        instances.loses(When::Nth(u64::try_from(round % 3 + 1).unwrap()));
        let from = round * ORDERS / 5;
        all.extend(instances.number_all(from..from + ORDERS / 5).await);
    }
    assert_no_gap(&all);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_all_answers_lost_costs_repetitions_and_no_number() {
    let instances = Instances::start().await;
    instances.loses(When::Probability(0.5));
    assert_no_gap(&instances.number_all(0..ORDERS).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_are_written_together_and_in_their_order() {
    let instances = Instances::start().await;
    let [numbering, _] = &instances.both;
    let series: Series = "IODK-2026".parse().unwrap();
    let day = date(2026, 12, 1);
    let wanted = || Wanted { tax_point: day, not_before: day };
    let order = |n: u128| OrderId::from(Uuid::from_u128(n));
    let mut answers = Vec::new();
    for n in (0..150).rev() {
        answers.push(numbering.wait(order(n), series.clone(), wanted()).unwrap());
    }
    numbering.write_group().await;
    let first: Vec<u32> = answers[..MAX_GIVEN]
        .iter_mut()
        .map(|answer| answer.try_recv().unwrap().unwrap().number.counter())
        .collect();
    assert_eq!(first, (1..=99).collect::<Vec<u32>>(), "in one batch, as they came");
    assert!(answers[MAX_GIVEN].try_recv().is_err(), "the hundredth waits for the next");
    let asked_again = numbering.number(order(149), wanted()).await.unwrap();
    assert_eq!(asked_again.number.counter(), 1, "it has its number");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_year_has_a_series_of_its_own() {
    let instances = Instances::start().await;
    let [numbering, _] = &instances.both;
    let mut numbers = Vec::new();
    for (n, day) in [(1, date(2026, 12, 31)), (2, date(2027, 1, 1)), (3, date(2026, 12, 31))] {
        let wanted = Wanted { tax_point: day, not_before: day };
        let given = numbering.number(OrderId::from(Uuid::from_u128(n)), wanted).await.unwrap();
        numbers.push(given.number.to_string());
    }
    assert_eq!(numbers, ["IODK-2026-000001", "IODK-2027-000001", "IODK-2026-000002"]);
}
