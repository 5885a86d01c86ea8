//! What a link's address names. SDKs write it as a path or as a whole URL.

/// A node of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// `$cbs`: tokens.
    Tokens,
    /// `hub/$management`, or without a hub: questions.
    Management,
    /// `hub`, `hub/Partitions/n`: events are sent there.
    Hub { hub: String, partition: Option<String> },
    /// `hub/ConsumerGroups/group/Partitions/n`: events are read there.
    Partition { hub: String, group: String, partition: String },
}

impl Node {
    /// Reads an address; `None` for one that names nothing of ours.
    pub(super) fn of(address: &str) -> Option<Self> {
        let path = path_of(address);
        let names: Vec<&str> = path.split('/').collect();
        let is = |name: &str, word: &str| name.eq_ignore_ascii_case(word);
        match names[..] {
            ["$cbs"] => Some(Self::Tokens),
            [.., "$management"] => Some(Self::Management),
            [hub] if !hub.is_empty() => Some(Self::Hub { hub: hub.to_owned(), partition: None }),
            [hub, partitions, id] if is(partitions, "partitions") => {
                Some(Self::Hub { hub: hub.to_owned(), partition: Some(id.to_owned()) })
            }
            [hub, groups, group, partitions, id]
                if is(groups, "consumergroups") && is(partitions, "partitions") =>
            {
                let [hub, group, partition] = [hub, group, id].map(str::to_owned);
                Some(Self::Partition { hub, group, partition })
            }
            _ => None,
        }
    }
}

/// The path of an address, without scheme and host: `amqps://host:1/hub` and `hub` are the same.
pub(super) fn path_of(address: &str) -> &str {
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => address,
    };
    path.trim_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_paths_or_urls() {
        let hub = |partition: Option<&str>| {
            Some(Node::Hub { hub: "account".into(), partition: partition.map(str::to_owned) })
        };
        let partition = Node::Partition {
            hub: "account".into(),
            group: "$Default".into(),
            partition: "2".into(),
        };
        for (address, node) in [
            ("$cbs", Some(Node::Tokens)),
            ("amqps://127.0.0.1/$cbs", Some(Node::Tokens)),
            ("$management", Some(Node::Management)),
            ("amqps://127.0.0.1/account/$management", Some(Node::Management)),
            ("account", hub(None)),
            ("amqps://127.0.0.1:5672/account/Partitions/2", hub(Some("2"))),
            ("account/ConsumerGroups/$Default/Partitions/2", Some(partition)),
            ("", None),
            ("account/what/else", None),
        ] {
            assert_eq!(Node::of(address), node, "{address}");
        }
    }
}
