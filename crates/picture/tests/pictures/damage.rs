//! JPEGs that lost something on their way: refused, or shown nearly as they were; never half a picture and half grey.

use super::corpus;
use super::{WORKER, refused};
use jpeg_encoder::{Encoder, SamplingFactor};
use picture::{Encoded, Failed, Inspected, Inspector, Limits};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;
/// Of 8 x 8 pixels, how far its mean colour may be off to count as right.
const NEAR: f64 = 25.0;
/// How much of a picture that is shown may be wrong.
const MAX_WRONG: f64 = 0.1;

/// Every way to code the same picture, by name.
fn intact() -> Vec<(&'static str, Vec<u8>)> {
    type Change = fn(&mut Encoder<&mut Vec<u8>>);
    let ways: [(&str, Change); 6] = [
        ("halved colour", |_| {}),
        ("full colour", |encoder| encoder.set_sampling_factor(SamplingFactor::F_1_1)),
        ("restarts", |encoder| encoder.set_restart_interval(7)),
        ("a scan for each colour", |encoder| {
            encoder.set_sampling_factor(SamplingFactor::F_2_1);
            encoder.set_optimized_huffman_tables(true);
        }),
        ("progressive", |encoder| encoder.set_progressive(true)),
        ("progressive, restarts", |encoder| {
            encoder.set_progressive(true);
            encoder.set_sampling_factor(SamplingFactor::F_2_2);
            encoder.set_restart_interval(5);
        }),
    ];
    let rgb = corpus::scene(WIDTH, HEIGHT, 3);
    ways.into_iter().map(|(name, way)| (name, corpus::jpeg_of(&rgb, WIDTH, HEIGHT, way))).collect()
}

/// Where the coded data of the first scan begins.
fn data(file: &[u8]) -> usize {
    let scan = memchr::memmem::find(file, b"\xff\xda").unwrap();
    scan + 2 + usize::from(u16::from_be_bytes([file[scan + 2], file[scan + 3]]))
}

async fn inspect(file: Vec<u8>) -> Result<Inspected, Failed> {
    let inspector = Inspector::with_program(WORKER);
    inspector.inspect(file.into(), "image/jpeg", &Limits::default()).await
}

fn pixels(file: &Encoded) -> Vec<u8> {
    let cursor = zune_core::bytestream::ZCursor::new(&file.bytes[..]);
    zune_jpeg::JpegDecoder::new(cursor).decode().unwrap()
}

/// How much of the picture is not as it was.
fn wrong(before: &[u8], after: &[u8]) -> f64 {
    let row = WIDTH as usize * 3;
    let (across, down) = (WIDTH as usize / 8, HEIGHT as usize / 8);
    let is_wrong = |block: usize| {
        let (x, y) = (block % across, block / across);
        let rows = (8 * y..8 * y + 8).map(|y| y * row + 24 * x..y * row + 24 * (x + 1));
        let pairs = rows.flat_map(|part| before[part.clone()].iter().zip(&after[part]));
        let sum: u32 = pairs.map(|(one, other)| u32::from(one.abs_diff(*other))).sum();
        f64::from(sum) / 192.0 > NEAR
    };
    (0..across * down).filter(|block| is_wrong(*block)).count() as f64 / (across * down) as f64
}

/// What becomes of a damaged picture.
#[derive(Debug, PartialEq)]
enum Outcome {
    Refused,
    /// Shown nearly as it was.
    Near,
    /// Shown as another picture.
    Wrong,
}

async fn outcome(what: &str, file: Vec<u8>, before: &[u8]) -> Outcome {
    match inspect(file).await {
        Ok(made) if wrong(before, &pixels(&made.original)) <= MAX_WRONG => Outcome::Near,
        Ok(_) => Outcome::Wrong,
        Err(Failed::Refused(refusal)) => {
            let codes = ["corrupt", "truncated", "trailing-data", "unsupported-format"];
            assert!(codes.contains(&refusal.code), "{what}: {refusal:?}");
            Outcome::Refused
        }
        Err(other) => panic!("{what}: {other}"),
    }
}

#[tokio::test]
async fn intact_pictures_are_shown_as_they_are() {
    for (name, file) in intact() {
        let made = inspect(file.clone()).await.unwrap();
        let before = corpus::scene(WIDTH, HEIGHT, 3);
        let wrong = wrong(&before, &pixels(&made.original));
        assert!(wrong == 0.0, "{name}: {:.0} % is wrong", 100.0 * wrong);
        // What encoders put between the data and the end.
        let filled = [&file[..file.len() - 2], &[0; 4], b"\xff\xff\xff\xd9"].concat();
        inspect(filled).await.unwrap();
    }
}

#[tokio::test]
async fn a_picture_that_was_cut_is_refused_whatever_stands_in_its_place() {
    for (name, file) in intact() {
        let start = data(&file);
        for tenth in 0..10 {
            let cut = &file[..start + (file.len() - start) * tenth / 10];
            for (rest, what) in [
                (&b""[..], "nothing"),
                (b"\xff\xd9", "an end"),
                (&[&[0; 60_000][..], b"\xff\xd9"].concat(), "zeros"),
                (&[&b"\xff\xd9"[..], &[0; 1000]].concat(), "an end and zeros"),
            ] {
                let file = [cut, rest].concat();
                let outcome = inspect(file).await;
                assert!(
                    matches!(outcome, Err(Failed::Refused(_))),
                    "{name}, cut at {tenth} tenths, then {what}"
                );
            }
        }
    }
}

/// Forty places of the coded data, and the picture before.
async fn places(file: &[u8]) -> (Vec<u8>, impl Iterator<Item = usize> + use<>) {
    let before = pixels(&inspect(file.to_vec()).await.unwrap().original);
    let (start, end) = (data(file), file.len() - 2);
    (before, (1..40).map(move |step| start + (end - start) * step / 40))
}

#[tokio::test]
async fn a_picture_with_a_gap_or_too_much_in_it_is_never_shown_as_another() {
    for (name, file) in intact() {
        let (before, places) = places(&file).await;
        for at in places {
            for (what, file) in [
                ("100 bytes lost", [&file[..at], &file[(at + 100).min(file.len() - 2)..]].concat()),
                ("100 bytes twice", [&file[..at], &file[at - 100..]].concat()),
                ("zeros", [&file[..at], &[0; 100], &file[at..]].concat()),
                ("a marker", [&file[..at], b"\xff\x57", &file[at..]].concat()),
                ("a restart marker", [&file[..at], b"\xff\xd3", &file[at..]].concat()),
                ("another picture", [&file[..at], &file[..]].concat()),
            ] {
                let what = format!("{name}, {what} at byte {at}");
                let outcome = outcome(&what, file, &before).await;
                assert!(outcome != Outcome::Wrong, "{what}");
            }
        }
    }
}

/// A wrong bit within a value is a valid code for another brightness of all that follows, and who loses a byte may be in
/// step again after as many blocks: no decoder notices. It must stay rare, and end with the next restart marker.
#[tokio::test]
async fn a_picture_with_a_wrong_byte_is_refused_or_nearly_right_but_for_a_few() {
    const MOST_IN_A_HUNDRED: usize = 2;
    let (mut all, mut as_another) = (0, Vec::new());
    for (name, file) in intact() {
        let (before, places) = places(&file).await;
        for (step, at) in places.enumerate() {
            let mut flipped = file.clone();
            flipped[at] ^= 0xff;
            let mut bit = file.clone();
            bit[at] ^= 1 << (step % 8);
            let lost = [&file[..at], &file[at + 1..]].concat();
            for (what, file) in [("a byte", flipped), ("a bit", bit), ("one byte lost", lost)] {
                let what = format!("{name}, {what} at byte {at}");
                all += 1;
                if outcome(&what, file, &before).await == Outcome::Wrong {
                    as_another.push(what);
                }
            }
        }
    }
    assert!(as_another.len() * 100 <= all * MOST_IN_A_HUNDRED, "{as_another:#?}");
    assert!(!as_another.iter().any(|what| what.starts_with("restarts")), "{as_another:#?}");
}

/// Places of the restart markers.
fn restarts(file: &[u8]) -> Vec<usize> {
    let start = data(file);
    let is_restart = |at: &usize| file[*at] == 0xff && matches!(file[at + 1], 0xd0..=0xd7);
    (start..file.len() - 2).filter(is_restart).collect()
}

#[tokio::test]
async fn restart_markers_that_are_missing_or_in_another_order_are_noticed() {
    let (_, file) = intact().swap_remove(2);
    let places = restarts(&file);
    let [first, second, third] = places[10..13] else { panic!("{places:?}") };
    let without = [&file[..first], &file[first + 2..]].concat();
    let one_less = [&file[..first], &file[second..]].concat();
    let swapped =
        [&file[..first], &file[second..third], &file[first..second], &file[third..]].concat();
    let mut renamed = file.clone();
    renamed[first + 1] ^= 1;
    for file in [without, one_less, swapped, renamed] {
        assert_eq!(refused(&file, "image/jpeg").await, "corrupt");
    }
}
