//! The decoding process: what it costs, and what its end means to its caller.

use super::{WORKER, corpus, inspect, within};
use picture::{Failed, Inspector, Limits};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Command, Stdio};
use std::time::Duration;

#[tokio::test]
async fn a_program_that_cannot_be_started_is_not_the_pictures_fault() {
    let limits = Limits::default();
    for program in ["/nowhere/to/be/found", "/bin/false"] {
        let outcome = Inspector::with_program(program)
            .inspect(corpus::jpeg(50, 50).into(), "image/jpeg", &limits)
            .await;
        assert!(matches!(outcome, Err(Failed::Broken(_))), "{program}");
    }
}

/// A picture that takes far longer than finding the process that decodes it.
fn slow() -> Vec<u8> {
    corpus::apng(2000, 1500, 20)
}

/// The process that decodes with these limits, which nobody else has, as soon as it runs.
async fn decoder(limits: &Limits) -> Pid {
    let limits = serde_json::to_string(limits).unwrap();
    loop {
        for thread in std::fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok) {
            let children = std::fs::read_to_string(thread.path().join("children"));
            for child in children.unwrap_or_default().split_whitespace() {
                let environment = std::fs::read(format!("/proc/{child}/environ"));
                let environment = environment.unwrap_or_default();
                if memchr::memmem::find(&environment, limits.as_bytes()).is_some() {
                    return Pid::from_raw(child.parse().unwrap()).unwrap();
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// What becomes of a slow picture whose decoding process gets this signal.
async fn signalled(signal: Signal) -> Result<(), Failed> {
    let deadline =
        Duration::from_secs(2) + Duration::from_nanos(signal.as_raw().unsigned_abs().into());
    let limits = Limits { deadline, ..Limits::default() };
    let inspector = Inspector::with_program(WORKER);
    let inspected = inspector.inspect(slow().into(), "image/png", &limits);
    let strike = async { kill_process(decoder(&limits).await, signal).unwrap() };
    tokio::join!(inspected, strike).0.map(|_| ())
}

#[tokio::test]
async fn who_ends_or_stops_the_decoding_process_says_nothing_about_the_picture() {
    for signal in [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP, Signal::STOP] {
        let outcome = signalled(signal).await;
        assert!(matches!(outcome, Err(Failed::Stopped(_))), "{signal:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_busy_machine_is_not_the_pictures_fault_and_its_own_time_is() {
    let file = slow();
    let inspector = Inspector::with_program(WORKER);
    let busy = Limits { deadline: Duration::from_millis(1), ..Limits::default() };
    let outcome = inspector.inspect(file.clone().into(), "image/png", &busy).await;
    assert!(matches!(outcome, Err(Failed::Stopped(_))));
    // Seconds of work on any machine: ten times what the other limits let pass.
    let one = corpus::gif(2000, 1500, 1);
    let frame = memchr::memmem::find(&one, b"\x21\xf9\x04").unwrap();
    let (head, frame) = (&one[..frame], &one[frame..one.len() - 1]);
    let file = [head, &frame.repeat(200), b"\x3b"].concat();
    let brief = Limits {
        cpu_time: Duration::from_secs(1),
        max_bytes: usize::MAX,
        max_frames: 200,
        max_pixels_in_all: u64::MAX,
        ..Limits::default()
    };
    assert_eq!(within(&brief, &file, "image/gif").await.unwrap_err().code, "too-much-work");
}

#[test]
fn the_argument_alone_starts_no_decoding() {
    let ended =
        Command::new(WORKER).arg("--decode-one-picture").stdin(Stdio::null()).output().unwrap();
    assert!(ended.status.success() && ended.stdout.is_empty());
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_process_and_no_place_taken() {
    let file = corpus::jpeg(3000, 2000);
    for _ in 0..3 {
        let given_up =
            tokio::time::timeout(Duration::from_millis(20), inspect(&file, "image/jpeg"));
        let _ = given_up.await;
    }
    inspect(&corpus::jpeg(50, 50), "image/jpeg").await.unwrap();
}

#[tokio::test]
async fn a_picture_of_24_million_pixels_stays_well_below_its_memory() {
    // Turned, and with a profile: all that costs. The system itself holds the process to the limit.
    let limits = Limits { max_memory_bytes: 144 << 20, ..Limits::default() };
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let profile = [&b"ICC_PROFILE\0\x01\x01"[..], &profile].concat();
    let plain = corpus::jpeg(6000, 4000);
    let file = corpus::with_segments(&plain, &[(0xe1, corpus::exif(6)), (0xe2, profile)]);
    let made = within(&limits, &file, "image/jpeg").await.unwrap();
    assert_eq!((made.width, made.height), (4000, 6000));

    for (kind, file) in [
        ("image/png", corpus::rgba_png(6000, 4000, |x, y| (x + y) as u8)),
        (
            "image/jpeg",
            corpus::jpeg_of(&corpus::scene(6000, 4000, 1), 6000, 4000, |encoder| {
                encoder.set_progressive(true);
                encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
            }),
        ),
    ] {
        assert!(inspect(&file, kind).await.is_ok(), "{kind}");
    }
}
