//! The decoding process: what it costs, and what its end means to its caller.

use super::{WORKER, corpus, inspect, within};
use picture::{Failed, Inspector, Limits};
use std::process::{Command, Stdio};

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
        let given_up = tokio::time::timeout(
            std::time::Duration::from_millis(20),
            inspect(&file, "image/jpeg"),
        );
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
