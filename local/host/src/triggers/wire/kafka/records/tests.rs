use super::*;
use pretty_assertions::assert_eq;

/// A batch as the official client for Python produced it: two records, the first with a key and two headers, the second with
/// neither value nor key.
const BATCH: &str = "000000000000000000000059000000000269339d490000000000010000019b7ca98f2e0000019b7ca98f2effffffffffffffffffffffffffff0000000240000000046b31107b2274223a32317d040e63655f747970650274086e6f6e65000c000002010100";

fn batch() -> Vec<u8> {
    let digits = BATCH.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("digits"));
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

/// The same batch with other bytes from `at` on.
fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut batch = batch();
    batch[at..at + bytes.len()].copy_from_slice(bytes);
    batch
}

#[test]
fn records_come_with_key_headers_and_place() {
    let page = page(&batch(), "account", 2, 0).unwrap();
    let [first, second] = &page.records[..] else { panic!("{page:?}") };
    assert_eq!(first.value.as_deref(), Some(b"{\"t\":21}".as_slice()));
    assert_eq!(
        (first.key.as_deref(), first.offset, first.partition),
        (Some(b"k1".as_slice()), 0, 2)
    );
    let header = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
    assert_eq!(first.headers, [header("ce_type", b"t"), header("none", b"")]);
    assert_eq!(first.timestamp.to_string(), "2026-01-02T03:04:05.678Z");
    assert_eq!((&second.value, &second.key, second.offset), (&None, &None, 1));
    assert_eq!(page.next, 2);
}

#[test]
fn a_batch_that_is_cut_off_waits_and_records_before_the_place_are_left_out() {
    let whole = batch();
    let all_but_a_byte = page(&whole[..whole.len() - 1], "account", 0, 0).unwrap();
    assert_eq!((all_but_a_byte.records.len(), all_but_a_byte.next), (0, 0));
    let two = [batch(), with(0, &2_i64.to_be_bytes())].concat();
    let from_one = page(&two, "account", 0, 1).unwrap();
    let offsets: Vec<i64> = from_one.records.iter().map(|record| record.offset).collect();
    assert_eq!((offsets, from_one.next), (vec![1, 2, 3], 4));
}

#[test]
fn what_is_for_brokers_only_is_passed_over() {
    let control = page(&with(21, &[0, 0b10_0000]), "account", 0, 0).unwrap();
    assert_eq!((control.records.len(), control.next), (0, 2));
}

#[test]
fn what_cannot_be_read_is_told_with_the_cure() {
    let compressed = page(&with(21, &[0, 3]), "account", 0, 0).unwrap_err().to_string();
    assert!(compressed.contains("compression.type=none"), "{compressed}");
    let old = page(&with(16, &[1]), "account", 0, 0).unwrap_err().to_string();
    assert!(old.contains("form 1"), "{old}");
    let lying = page(&with(57, &9_i32.to_be_bytes()), "account", 0, 0).unwrap_err().to_string();
    assert!(lying.contains("ends too soon"), "{lying}");
}
