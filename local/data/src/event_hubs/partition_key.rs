//! Which partition a key belongs to, as the service decides: Bob Jenkins' lookup3 (`hashlittle2` with both seeds zero)
//! over the key's UTF-8, folded to 16 bits with a sign. <https://burtleburtle.net/bob/c/lookup3.c>

const INITIAL: u32 = 0xdead_beef;
const BLOCK_BYTES: usize = 12;

/// The partition of `count` in which everything with this key lies, in order. The remainder is the truncating one:
/// clients that floor it, as Python's buffered producer does, choose another.
pub(super) fn partition_of(key: &str, count: u32) -> u32 {
    let remainder = i64::from(hash(key.as_bytes())) % i64::from(count);
    u32::try_from(remainder.unsigned_abs()).expect("a remainder is smaller than the count")
}

fn hash(key: &[u8]) -> i16 {
    let (c, b) = lookup3(key);
    let [low, high, ..] = (c ^ b).to_le_bytes();
    i16::from_le_bytes([low, high])
}

fn lookup3(key: &[u8]) -> (u32, u32) {
    let length = u32::try_from(key.len()).expect("a key is shorter than a message");
    let start = INITIAL.wrapping_add(length);
    let (mut a, mut b, mut c) = (start, start, start);
    let mut rest = key;
    while rest.len() > BLOCK_BYTES {
        let (block, after) = rest.split_at(BLOCK_BYTES);
        (a, b, c) = mixed(added((a, b, c), block));
        rest = after;
    }
    if rest.is_empty() {
        return (c, b);
    }
    let mut last = [0; BLOCK_BYTES];
    last[..rest.len()].copy_from_slice(rest);
    finished(added((a, b, c), &last))
}

fn added((a, b, c): (u32, u32, u32), block: &[u8]) -> (u32, u32, u32) {
    let word =
        |at: usize| u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
    (a.wrapping_add(word(0)), b.wrapping_add(word(4)), c.wrapping_add(word(8)))
}

fn mixed((mut a, mut b, mut c): (u32, u32, u32)) -> (u32, u32, u32) {
    for (first, second, third) in [(4, 6, 8), (16, 19, 4)] {
        a = a.wrapping_sub(c) ^ c.rotate_left(first);
        c = c.wrapping_add(b);
        b = b.wrapping_sub(a) ^ a.rotate_left(second);
        a = a.wrapping_add(c);
        c = c.wrapping_sub(b) ^ b.rotate_left(third);
        b = b.wrapping_add(a);
    }
    (a, b, c)
}

fn finished((mut a, mut b, mut c): (u32, u32, u32)) -> (u32, u32) {
    c = (c ^ b).wrapping_sub(b.rotate_left(14));
    a = (a ^ c).wrapping_sub(c.rotate_left(11));
    b = (b ^ a).wrapping_sub(a.rotate_left(25));
    c = (c ^ b).wrapping_sub(b.rotate_left(16));
    a = (a ^ c).wrapping_sub(c.rotate_left(4));
    b = (b ^ a).wrapping_sub(a.rotate_left(14));
    c = (c ^ b).wrapping_sub(b.rotate_left(24));
    (c, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the SDK for JavaScript computes for the same keys.
    #[test]
    fn keys_lie_where_the_service_puts_them() {
        for (key, hashed, of_4, of_32) in [
            ("", 0, 0, 0),
            ("a", -16220, 0, 28),
            ("k1", 23816, 0, 8),
            ("account-1", 3174, 2, 6),
            ("contact-42", 27702, 2, 22),
            ("Åsa", 4269, 1, 13),
            ("12345678901", -15121, 1, 17),
            ("123456789012", 21621, 1, 21),
            ("1234567890123", 7770, 2, 26),
            ("01890a5d-ac96-774b-bcce-b302099a8057", 29031, 3, 7),
        ] {
            assert_eq!(hash(key.as_bytes()), hashed, "{key}");
            assert_eq!((partition_of(key, 4), partition_of(key, 32)), (of_4, of_32), "{key}");
        }
    }
}
