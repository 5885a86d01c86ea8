//! Simulators beside the apps: started, watched, stopped and killed.

use std::path::Path;

use local_host::{AddressError, Executable, SimulatorSource, StartError};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::{
    handler,
    support::{Running, TestApp, eventually, is_alive},
};

/// The setting that makes this test binary a simulator.
const MARK: &str = "IOMMI_TEST_SIMULATOR";

/// No test but the simulator, when the host starts it.
#[test]
fn acts_as_a_simulator() {
    if std::env::var_os(MARK).is_none() {
        return;
    }
    let port = std::env::var("PORT").unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(handler::run(port));
}

fn weather() -> SimulatorSource {
    let program = Executable::Built(std::env::current_exe().unwrap());
    let mut source = SimulatorSource::new("weather", program, 7090, "/health");
    source.arguments =
        ["simulators::acts_as_a_simulator", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    source
}

fn with_weather() -> TestApp {
    let mut app = TestApp::new()
        .setting(MARK, "yes")
        .setting("WEATHER_URL", "http://127.0.0.1:7090/now")
        .setting("HOME_URL", "http://127.0.0.1:7071")
        .setting("STORAGE__queueServiceUri", "http://127.0.0.1:10001/devstoreaccount1");
    app.options.simulators = vec![weather()];
    app
}

impl Running {
    async fn weather(&self, path: &str) -> Option<String> {
        let url = format!("{}{path}", self.host.simulator_url("weather").unwrap());
        self.client.get(url).send().await.ok()?.text().await.ok()
    }

    async fn weather_view(&self) -> Value {
        let overview: Value = serde_json::from_str(&self.text("/admin/overview").await).unwrap();
        overview["simulators"][0].clone()
    }

    async fn tell_weather(&self, path: &str) -> u16 {
        let request =
            self.client.post(self.url(path)).header("content-type", "application/json").body("{}");
        request.send().await.unwrap().status().as_u16()
    }
}

#[tokio::test]
async fn a_simulator_is_ready_when_the_host_is_and_apps_and_it_know_the_actual_addresses() {
    let app = with_weather().start().await;
    let pid = app.host.simulator_pid("weather").unwrap();
    assert_eq!(app.weather("/pid").await.unwrap(), pid.to_string());
    let url = app.host.simulator_url("weather").unwrap().to_owned();
    assert!(!url.ends_with(":7090"), "a free port");
    assert_eq!(app.text("/env/WEATHER_URL").await, format!("{url}/now"));
    assert_eq!(app.weather("/env/HOME_URL").await.unwrap(), app.host.url());
    let queues = app.weather("/env/STORAGE__queueServiceUri").await.unwrap();
    assert!(queues.starts_with(app.host.queue_url()) && queues.contains("sig="), "{queues}");
    assert_eq!(app.weather("/env/DATA_DIR").await.unwrap(), "", "nothing is kept");
    let view = app.weather_view().await;
    assert_eq!((&view["name"], &view["state"]), (&json!("weather"), &json!("running")));
    assert_eq!((&view["pid"], &view["url"]), (&json!(pid), &json!(format!("{url}/"))));
    let page = app.text("/admin/page").await;
    assert!(
        page.contains(&format!("href=\"{url}/\"")) && page.contains("simulator-stop"),
        "{page}"
    );
}

#[tokio::test]
async fn a_simulator_that_dies_is_started_again_at_its_address() {
    let app = with_weather().start().await;
    let first = app.host.simulator_pid("weather").unwrap();
    app.host.kill_simulator("weather").await;
    assert!(!is_alive(first));
    assert!(app.host.start_simulator("weather").await);
    let second: u32 = app.weather("/pid").await.unwrap().parse().unwrap();
    assert_ne!(first, second);

    let pid = Pid::from_raw(second.try_into().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
    eventually("a third is there", || async {
        let pid: u32 = app.weather("/pid").await?.parse().ok()?;
        (pid != second).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_simulator_that_is_stopped_stays_away_until_it_is_started() {
    let app = with_weather().start().await;
    let stop = json!({ "fault": "weather=stop" }).to_string();
    let faults =
        app.client.post(app.url("/admin/faults")).header("content-type", "application/json");
    let answer: Value =
        serde_json::from_str(&faults.body(stop).send().await.unwrap().text().await.unwrap())
            .unwrap();
    assert_eq!(answer["faults"][0]["spec"], "weather=stop");
    eventually("it is gone", || async { app.weather("/pid").await.is_none().then_some(()) }).await;
    assert_eq!(app.weather_view().await["state"], "stopped");
    assert_eq!(app.tell_weather("/admin/apps/weather/kill").await, 409);
    let id = answer["faults"][0]["id"].as_str().unwrap();
    let off = app.client.delete(app.url(&format!("/admin/faults/{id}"))).send().await.unwrap();
    assert_eq!(off.status(), 200);
    eventually("it is back", || async { app.weather("/pid").await }).await;

    assert_eq!(app.tell_weather("/admin/simulators/weather/stop").await, 200);
    assert_eq!(app.host.fault_switches().list()[0].id, "stop-weather");
    app.host.stop_simulator("weather").await;
    assert_eq!(app.host.simulator_pid("weather"), None);
    assert_eq!(app.tell_weather("/admin/simulators/weather/start").await, 200);
    eventually("it is back", || async { app.weather("/pid").await }).await;
    assert_eq!(app.tell_weather("/admin/apps/weather/kill").await, 200);
    assert_eq!(app.tell_weather("/admin/simulators/tides/stop").await, 404);
}

#[tokio::test]
async fn a_simulator_keeps_its_data_below_the_data_folder_and_ends_with_the_host() {
    for drops in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut app = with_weather();
        app.options.data.data = Some(folder.path().to_owned());
        let app = app.start().await;
        let data = app.weather("/env/DATA_DIR").await.unwrap();
        let data = Path::new(&data);
        assert!(data.is_dir() && data.ends_with("simulators/weather"), "{data:?}");
        let pid = app.host.simulator_pid("weather").unwrap();
        if drops {
            drop(app.host);
        } else {
            app.host.stop().await;
        }
        eventually("the process is gone", || async { (!is_alive(pid)).then_some(()) }).await;
    }
}

#[tokio::test]
async fn a_simulator_whose_port_is_taken_or_whose_name_is_an_apps_is_refused() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = other.local_addr().unwrap().port();
    drop(other);
    let mut app = with_weather();
    app.options.http_port = free;
    app.options.simulators[0].port = taken.local_addr().unwrap().port();
    let refused = app.try_start().await;
    assert!(matches!(refused, Err(StartError::Simulator(AddressError::Taken { .. }))));

    let mut app = with_weather();
    app.options.simulators[0].name = "app".into();
    assert!(matches!(app.try_start().await, Err(StartError::SameName { .. })));
}

#[tokio::test]
async fn a_fault_of_a_simulator_that_is_not_there_is_refused_at_the_start() {
    let mut app = TestApp::new();
    app.options.faults = vec!["weather=stop".parse().unwrap()];
    assert!(matches!(app.try_start().await, Err(StartError::Fault { .. })));
    let app = TestApp::new().start().await;
    assert!(!app.host.fault_switches().add(&"weather=stop".parse().unwrap()));
    assert_eq!(app.host.simulator_url("weather"), None);
    assert!(!app.host.start_simulator("weather").await);
}
