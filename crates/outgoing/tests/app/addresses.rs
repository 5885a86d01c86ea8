//! Which addresses are on the public Internet.

use outgoing::is_public;
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which of these are public.
fn public_among(addresses: &[&str]) -> Vec<String> {
    let public = addresses.iter().filter(|text| is_public(text.parse().unwrap()));
    public.map(|&text| text.to_owned()).collect()
}

#[test]
fn what_is_private_special_or_nobodys_is_refused_from_its_first_to_its_last_address() {
    let none: &[&str] = &[
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.0",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.192",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
    ];
    assert_eq!(public_among(none), Vec::<String>::new());
}

#[test]
fn their_neighbours_are_public() {
    let all: &[&str] = &[
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.114.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
        "2620:4f:8001::1",
    ];
    assert_eq!(public_among(all), all);
}

#[test]
fn of_ipv6_only_what_is_given_out_is_public_and_no_disguise_of_ipv4() {
    let none: &[&str] = &[
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:8.8.8.8",
        "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::10.0.0.1",
        "100::1",
        "2001::1",
        "2001:0:a00:1::f5ff:fffe",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2002:808:808::",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "2a00::5efe:10.0.0.1",
        "2a00::200:5efe:192.168.0.1",
    ];
    assert_eq!(public_among(none), Vec::<String>::new());
}

/// What the standard library calls not public, as far as it has a word for it today.
fn is_private_to_std(address: Ipv4Addr) -> bool {
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_documentation()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn whatever_the_standard_library_calls_private_is_refused(bits: u32, wide: u128) {
        let address = Ipv4Addr::from_bits(bits);
        prop_assert!(!(is_private_to_std(address) && is_public(address.into())), "{}", address);
        let address = Ipv6Addr::from_bits(wide);
        let private = address.is_loopback()
            || address.is_multicast()
            || address.is_unspecified()
            || address.is_unique_local()
            || address.is_unicast_link_local()
            || address.to_ipv4().is_some();
        prop_assert!(!(private && is_public(address.into())), "{}", address);
    }

    #[test]
    fn whatever_lies_in_a_private_network_is_refused_and_so_is_its_every_disguise(
        network in prop::sample::select(vec![
            ([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16), ([127, 0, 0, 0], 8),
            ([169, 254, 0, 0], 16), ([100, 64, 0, 0], 10), ([198, 18, 0, 0], 15), ([224, 0, 0, 0], 3),
        ]),
        host: u32,
    ) {
        let (first, length): ([u8; 4], u32) = network;
        let v4 = Ipv4Addr::from_bits(Ipv4Addr::from(first).to_bits() | host.unbounded_shr(length));
        let [a, b, c, d] = v4.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        for disguise in [
            IpAddr::V4(v4),
            v4.to_ipv6_mapped().into(),
            v4.to_ipv6_compatible().into(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low).into(),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1).into(),
            Ipv6Addr::new(0x2001, 0, high, low, 0, 0, !high, !low).into(),
            Ipv6Addr::new(0x2a00, 0, 0, 0, 0, 0x5efe, high, low).into(),
        ] {
            prop_assert!(!is_public(disguise), "{}", disguise);
        }
    }
}
