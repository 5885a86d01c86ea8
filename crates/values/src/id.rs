//! The names of things.

/// Makes the type of a thing's id: a UUID that is written in one way only, so that one thing has one URL.
///
/// The type is `Copy`, ordered and hashable, made `From<Uuid>`, shown in small letters with hyphens, and a string in
/// JSON. `FromStr` takes exactly that form; its error is the text given, for the client's eyes, and says where the
/// right id can be found.
///
/// ```
/// values::id! {
///     /// A photo, for ever: a UUIDv7 (RFC 9562), so that ids sort by the time of the ticket.
///     pub PhotoId, "must be a UUID in small letters, as in the photo's `id`"
/// }
/// assert!("01980c6e-1111-7000-8000-000000000001".parse::<PhotoId>().is_ok());
/// assert!("01980C6E-1111-7000-8000-00000000000A".parse::<PhotoId>().is_err());
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $visibility:vis $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name($crate::reexported::Uuid);

        #[allow(dead_code, reason = "not every id is asked for its age")]
        impl $name {
            /// Whether it was made less than this before `now`, or after it, by the time that a UUIDv7 has in it.
            /// Other ids are of no time: `false`.
            $visibility fn is_younger_than(
                self,
                age: ::core::time::Duration,
                now: $crate::reexported::Timestamp,
            ) -> bool {
                $crate::reexported::is_younger_than(self.0, age, now)
            }
        }

        impl ::core::convert::From<$crate::reexported::Uuid> for $name {
            fn from(id: $crate::reexported::Uuid) -> Self {
                Self(id)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self.0.as_hyphenated(), f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = &'static str;

            /// Only the usual form is taken, so that one thing has one URL.
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                let id = $crate::reexported::Uuid::try_parse(text).map_err(|_| $what)?;
                let id = Self(id);
                if ::std::string::ToString::to_string(&id) == text { Ok(id) } else { Err($what) }
            }
        }

        impl $crate::reexported::serde::Serialize for $name {
            fn serialize<S: $crate::reexported::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::reexported::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::reexported::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::reexported::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    id! {
        /// A thing.
        ThingId, "must be a UUID in small letters"
    }

    #[test]
    fn a_thing_has_one_spelling() {
        assert!("01980c6e-1111-7000-8000-000000000001".parse::<ThingId>().is_ok());
        for other in [
            "01980C6E-1111-7000-8000-00000000000A",
            "{01980c6e-1111-7000-8000-000000000001}",
            "01980c6e111170008000000000000001",
            "7",
            "",
            "\u{80}",
        ] {
            assert_eq!(other.parse::<ThingId>(), Err("must be a UUID in small letters"), "{other}");
        }
    }

    #[test]
    fn an_id_of_version_7_knows_its_age_and_others_do_not() {
        let now = jiff::Timestamp::from_second(1_800_000_000).unwrap();
        let made = |seconds_ago: u64| {
            let second = 1_800_000_000 - seconds_ago;
            let time = uuid::Timestamp::from_unix(uuid::NoContext, second, 0);
            ThingId::from(Uuid::new_v7(time))
        };
        let is_young = |id: ThingId| id.is_younger_than(std::time::Duration::from_secs(300), now);
        assert!(is_young(made(299)));
        assert!(!is_young(made(300)));
        assert!(!is_young(ThingId::from(Uuid::from_u128(7))));
    }

    proptest! {
        #[test]
        fn every_id_survives_text_and_json(number: u128) {
            let id = ThingId::from(Uuid::from_u128(number));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_value(id).unwrap();
            prop_assert_eq!(&json, &serde_json::json!(id.to_string()));
            prop_assert_eq!(serde_json::from_value::<ThingId>(json).unwrap(), id);
        }

        #[test]
        fn no_text_is_an_id_but_the_one_it_is_shown_as(text in "[-0-9a-fA-F{}]{0,40}") {
            if let Ok(id) = text.parse::<ThingId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
