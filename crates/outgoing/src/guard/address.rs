//! Which addresses are on the public Internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What of IPv4 is not public, as network and length of its prefix: IANA's registry of special-purpose addresses
/// (RFC 6890 and those that update it), multicast, and one of Azure's own.
const NOT_PUBLIC_V4: [([u8; 4], u32); 19] = [
    ([0, 0, 0, 0], 8),        // this network; 0.0.0.0 is this machine
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // carrier-grade NAT, RFC 6598; a metadata service of some clouds
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // Azure: DNS, DHCP and health of the platform, seen from inside as public
    ([169, 254, 0, 0], 16),   // link-local; the metadata services of most clouds
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 31, 196, 0], 24),  // AS112
    ([192, 52, 193, 0], 24),  // automatic multicast tunnelling
    ([192, 88, 99, 0], 24),   // relays of 6to4, given up
    ([192, 168, 0, 0], 16),   // private
    ([192, 175, 48, 0], 24),  // AS112
    ([198, 18, 0, 0], 15),    // benchmarking
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, and the broadcast address
];

/// All that IANA has given out of IPv6 for unicast; loopback, link-local, unique local, mapped (`::ffff:0:0/96`),
/// compatible (`::/96`), NAT64 (`64:ff9b::/96`) and multicast addresses all lie outside.
const GLOBAL_UNICAST_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What of it is not public. 6to4 and Teredo carry IPv4 addresses to tunnels that nobody runs any more: none of them
/// is called, whatever it carries.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments: Teredo, benchmarking, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// The end of an IPv6 address that carries an IPv4 one (ISATAP, RFC 5214), without the bit that says whether that is
/// unique in the world.
const ISATAP: u32 = 0x0000_5efe;
const ISATAP_UNIQUE_BIT: u32 = 0x0200_0000;

/// Whether an address is one of the public Internet: unicast, given out, and neither this machine's nor that of a
/// private network, a document, a test, a metadata service or a tunnel.
///
/// ```
/// use outgoing::is_public;
///
/// assert!(is_public("8.8.8.8".parse()?));
/// assert!(!is_public("169.254.169.254".parse()?));
/// assert!(!is_public("::ffff:10.0.0.1".parse()?));
/// # Ok::<_, std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !NOT_PUBLIC_V4.into_iter().any(|(network, length)| {
        let differs = bits ^ Ipv4Addr::from(network).to_bits();
        differs.leading_zeros() >= length
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let lies_in =
        |(network, length): (Ipv6Addr, u32)| (bits ^ network.to_bits()).leading_zeros() >= length;
    let [.., a, b, c, d] = address.octets();
    let [.., e, f, _, _] = address.segments();
    let interface = (u32::from(e) << 16 | u32::from(f)) & !ISATAP_UNIQUE_BIT;
    let isatap = interface == ISATAP && !is_public_v4(Ipv4Addr::new(a, b, c, d));
    lies_in(GLOBAL_UNICAST_V6) && !NOT_PUBLIC_V6.into_iter().any(lies_in) && !isatap
}
