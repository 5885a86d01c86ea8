//! What queues, containers and blobs may be called.
//!
//! Source: "Naming queues and metadata" and "Naming and referencing containers, blobs, and metadata", REST reference.

use super::{code, failure::Failure};

/// Characters in the name of a queue or container, at least and at most.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 3..=63;
/// Characters in a blob's name, at most.
const MAX_BLOB_NAME_LENGTH: usize = 1024;
/// Segments between slashes in a blob's name, at most.
const MAX_BLOB_NAME_SEGMENTS: usize = 254;
/// Containers that Azure itself names.
const SYSTEM_CONTAINERS: [&str; 3] = ["$root", "$web", "$logs"];

/// A queue's name: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at either end.
pub(super) fn check_queue(name: &str) -> Result<(), Failure> {
    check_length(name)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.chars().all(allowed)
        || name.starts_with('-')
        || name.ends_with('-')
        || name.contains("--")
    {
        return Err(code::INVALID_RESOURCE_NAME.into());
    }
    Ok(())
}

/// A container's name: as a queue's, or one of Azure's own.
pub(super) fn check_container(name: &str) -> Result<(), Failure> {
    if SYSTEM_CONTAINERS.contains(&name) { Ok(()) } else { check_queue(name) }
}

/// A blob's name: 1 to 1,024 characters, at most 254 segments.
pub(super) fn check_blob(name: &str) -> Result<(), Failure> {
    if name.is_empty() || name.contains('\0') {
        return Err(code::INVALID_RESOURCE_NAME.into());
    }
    if name.encode_utf16().count() > MAX_BLOB_NAME_LENGTH
        || name.split('/').count() > MAX_BLOB_NAME_SEGMENTS
    {
        return Err(code::OUT_OF_RANGE_INPUT.into());
    }
    Ok(())
}

fn check_length(name: &str) -> Result<(), Failure> {
    if NAME_LENGTH.contains(&name.len()) { Ok(()) } else { Err(code::OUT_OF_RANGE_INPUT.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_both_sides_of_each_rule() {
        for good in ["abc", "a-b", "0a9", &"a".repeat(63)] {
            assert!(check_queue(good).is_ok(), "{good}");
        }
        for bad in ["Abc", "-ab", "ab-", "a--b", "a_b", "a.b", "äbc"] {
            assert_eq!(check_queue(bad).unwrap_err().code(), code::INVALID_RESOURCE_NAME, "{bad}");
        }
        for bad in ["ab", &"a".repeat(64)] {
            assert_eq!(check_queue(bad).unwrap_err().code(), code::OUT_OF_RANGE_INPUT, "{bad}");
        }
        assert!(check_container("$root").is_ok() && check_queue("$root").is_err());
    }

    #[test]
    fn a_blob_s_name_may_be_long_and_anything_but_endless() {
        assert!(check_blob(&"x".repeat(1024)).is_ok());
        assert!(check_blob(&"x".repeat(1025)).is_err());
        assert!(check_blob("dir/a b/ü 🌉.jpg").is_ok());
        assert!(check_blob(&"a/".repeat(254)).is_err());
        assert!(check_blob("").is_err());
    }
}
