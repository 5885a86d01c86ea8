//! Which leases, or partitions of a hub, an instance should take: an equal share for everyone who is alive
//! (`EqualPartitionsBalancingStrategy` of the Cosmos DB SDK; the processors of Event Hubs share out alike).

use std::collections::BTreeMap;

/// A lease as it stands: its range, and who holds it. An expired lease counts as nobody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    pub(super) range: String,
    pub(super) owner: Option<String>,
}

/// The ranges whose leases `me` should take now: free ones up to an equal share; when none is free, one from whoever
/// has most, so that shares even out one by one.
pub(super) fn to_take(holdings: &[Holding], me: &str) -> Vec<String> {
    let mut shares: BTreeMap<&str, Vec<&str>> = BTreeMap::from([(me, Vec::new())]);
    let mut free = Vec::new();
    for holding in holdings {
        match holding.owner.as_deref() {
            Some(owner) => shares.entry(owner).or_default().push(&holding.range),
            None => free.push(holding.range.clone()),
        }
    }
    let fair = holdings.len().div_ceil(shares.len());
    let needed = fair.saturating_sub(shares[me].len());
    if needed == 0 || !free.is_empty() {
        free.truncate(needed);
        return free;
    }
    let richest = shares.values().max_by_key(|ranges| ranges.len());
    // Whoever is no more than a lease above the share keeps it, unless more than one is wanting here.
    let enough = fair - usize::from(needed > 1);
    let stolen = richest.filter(|ranges| ranges.len() > enough).and_then(|ranges| ranges.last());
    stolen.map(|range| (*range).to_owned()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holdings(owners: &[&str]) -> Vec<Holding> {
        let of = |(range, owner): (usize, &&str)| Holding {
            range: range.to_string(),
            owner: (!owner.is_empty()).then(|| (*owner).to_owned()),
        };
        owners.iter().enumerate().map(of).collect()
    }

    #[test]
    fn the_first_instance_takes_everything() {
        assert_eq!(to_take(&holdings(&["", "", "", ""]), "a"), ["0", "1", "2", "3"]);
    }

    #[test]
    fn a_second_instance_takes_one_at_a_time_until_the_shares_are_equal() {
        assert_eq!(to_take(&holdings(&["a", "a", "a", "a"]), "b"), ["3"]);
        assert_eq!(to_take(&holdings(&["a", "a", "a", "b"]), "b"), ["2"]);
        assert_eq!(to_take(&holdings(&["a", "a", "b", "b"]), "b"), Vec::<String>::new());
        assert_eq!(to_take(&holdings(&["a", "a", "b", "b"]), "a"), Vec::<String>::new());
    }

    #[test]
    fn free_leases_go_before_others_peoples_and_only_up_to_the_share() {
        assert_eq!(to_take(&holdings(&["a", "", "", "b"]), "b"), ["1"]);
        assert_eq!(to_take(&holdings(&["a", "a", "b", ""]), "b"), ["3"]);
        assert_eq!(to_take(&holdings(&["a", "a", "b", ""]), "a"), Vec::<String>::new());
    }

    #[test]
    fn a_lone_lease_is_not_stolen_back_and_forth() {
        assert_eq!(to_take(&holdings(&["a"]), "b"), Vec::<String>::new());
        assert_eq!(to_take(&holdings(&["a", "a", "b"]), "b"), Vec::<String>::new());
        assert_eq!(to_take(&[], "a"), Vec::<String>::new());
    }

    #[test]
    fn shares_settle_whatever_the_order() {
        let mut owners: Vec<String> = vec!["a".into(); 7];
        for _round in 0..10 {
            for me in ["a", "b", "c"] {
                let names: Vec<&str> = owners.iter().map(String::as_str).collect();
                for range in to_take(&holdings(&names), me) {
                    owners[range.parse::<usize>().unwrap()] = me.to_owned();
                }
            }
        }
        let share = |me: &str| owners.iter().filter(|owner| *owner == me).count();
        assert!(
            [share("a"), share("b"), share("c")].iter().all(|share| (2..=3).contains(share)),
            "{owners:?}"
        );
    }
}
