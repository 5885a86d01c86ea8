//! URLs as strangers write them.

use outgoing::{Guard, GuardError};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use std::net::Ipv4Addr;

fn refusal(text: &str) -> Option<GuardError> {
    Guard::public_https().parse(text).err()
}

#[test]
fn plain_urls_of_the_public_internet_are_called() {
    for good in [
        "https://hooks.partner.example/iommi?token=1",
        "https://hooks.partner.example:443/",
        "HTTPS://Hooks.Partner.Example",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://bücher.example/",
        "https://hooks.partner.example/a@b?c=d@e:1",
        "https://localhost.partner.example/",
    ] {
        assert_eq!(refusal(good), None, "{good}");
    }
}

#[test]
fn everything_else_is_refused_with_its_reason() {
    use GuardError::{NoUrl, NotHttps, NotPublic, Port, UserInfo};
    for (bad, reason) in [
        ("", NoUrl),
        ("hooks.partner.example", NoUrl),
        ("/path", NoUrl),
        ("https:/8.8.8.8/", NoUrl),
        ("https://", NoUrl),
        ("https://a.example/ b", NoUrl),
        ("https://a.example\\@evil.example/", NoUrl),
        ("https://a.exa\tmple/", NoUrl),
        ("http://a.example/", NotHttps),
        ("ftp://a.example/", NotHttps),
        ("file:///etc/passwd", NotHttps),
        ("gopher://a.example/", NotHttps),
        ("https://user@a.example/", UserInfo),
        ("https://a.example@8.8.8.8/", UserInfo),
        ("https://:pass@a.example/", UserInfo),
        ("https://a.example:8443/", Port(8443)),
        ("https://a.example:80/", Port(80)),
        ("https://a.example:22/", Port(22)),
        ("https://127.0.0.1/", NotPublic),
        ("https://10.1.2.3/", NotPublic),
        ("https://169.254.169.254/metadata/instance", NotPublic),
        ("https://168.63.129.16/", NotPublic),
        ("https://[::1]/", NotPublic),
        ("https://[::ffff:127.0.0.1]/", NotPublic),
        ("https://[::ffff:8.8.8.8]/", NotPublic),
        ("https://[64:ff9b::7f00:1]/", NotPublic),
        ("https://[fd00:ec2::254]/", NotPublic),
        ("https://localhost/", NotPublic),
        ("https://LOCALHOST./", NotPublic),
        ("https://a.localhost/", NotPublic),
        ("https://printer.local/", NotPublic),
        ("https://metadata.google.internal/", NotPublic),
        ("https://intranet/", NotPublic),
    ] {
        assert_eq!(refusal(bad), Some(reason), "{bad}");
    }
}

#[test]
fn other_spellings_of_addresses_are_refused_whatever_they_mean() {
    for odd in [
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "127.0x0.0.1",
        "010.8.8.8",
        "134744072",
        "8.8.2056",
        "%31%32%37.0.0.1",
        "①②⑦.0.0.1",
        "127。0。0。1",
    ] {
        for url in [format!("https://{odd}/"), format!("https://{odd}:443/x")] {
            assert_eq!(refusal(&url), Some(GuardError::OddAddress), "{url}");
        }
    }
    for no_address in ["https://256.0.0.1/", "https://0x100000000/", "https://1.2.3.4.5/"] {
        assert!(refusal(no_address).is_some(), "{no_address}");
    }
}

#[test]
fn what_is_allowed_is_let_through_and_nothing_more() {
    let guard = Guard::public_https()
        .allowing_plain_http()
        .allowing_ports([7084])
        .allowing_addresses([[127, 0, 0, 1].into()]);
    assert!(guard.parse("http://127.0.0.1:7084/hook").is_ok());
    assert!(guard.parse("http://localhost:7084/hook").is_ok(), "what it resolves to is checked");
    assert_eq!(guard.parse("http://127.0.0.2:7084/"), Err(GuardError::NotPublic));
    assert_eq!(guard.parse("http://127.0.0.1:7085/"), Err(GuardError::Port(7085)));
}

proptest! {
    #[test]
    fn no_spelling_of_an_address_gets_past(bits: u32, form in 0..6_u8) {
        let [a, b, c, d] = Ipv4Addr::from(bits).octets();
        let host = match form {
            0 => bits.to_string(),
            1 => format!("{bits:#x}"),
            2 => format!("0{bits:o}"),
            3 => format!("{a:#x}.{b}.{c}.{d}"),
            4 => format!("{a}.{b}.{}", u32::from(c) << 8 | u32::from(d)),
            _ => format!("{a}.{b}.{c}.0{d:o}"),
        };
        let refused = refusal(&format!("https://{host}/"));
        prop_assert!(refused.is_some(), "{}", host);
    }

    #[test]
    fn no_text_makes_it_panic_or_pass_with_what_it_refuses(text in "(https?:/{0,2})?[-a-z0-9.@:/\\\\\\[\\]%#? ]{0,40}") {
        if let Ok(url) = Guard::public_https().parse(&text) {
            prop_assert_eq!(url.scheme(), "https");
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert!(url.port().is_none());
            if let Ok(address) = url.host_str().unwrap().parse::<Ipv4Addr>() {
                prop_assert!(outgoing::is_public(address.into()));
            }
        }
    }
}
