//! Sums, reckoned once more in whole smallest units, and credit notes that never give back more than there is.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod generated;

use invoice::{Category, Invoice, Rate};
use money::Money;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Those of EN 16931, and some with three and four decimals.
fn currencies() -> Vec<&'static str> {
    [generated::WRITABLE, &["KWD", "CLF"]].concat()
}

/// A decimal text as an integer of this many decimals.
fn integer(text: &str, decimals: usize) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<decimals$}").parse().unwrap()
}

/// `above / below`, half up; both are positive.
fn half_up(above: i128, below: i128) -> i128 {
    (2 * above + below) / (2 * below)
}

fn units(amount: Money) -> i128 {
    let decimals = amount.currency().exponent().unwrap() as usize;
    integer(amount.to_string().split(' ').next().unwrap(), decimals)
}

type Groups = BTreeMap<(Category, Rate), i128>;

/// The net amounts of the lines in smallest units, from what JSON shows of them.
fn nets(invoice: &Invoice) -> Vec<i128> {
    let decimals = invoice.content().currency.exponent().unwrap();
    let json = serde_json::to_value(invoice.content()).unwrap();
    let lines = json["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let price = integer(line["unitPrice"]["amount"].as_str().unwrap(), 6);
            let full = i128::from(line["quantity"].as_u64().unwrap()) * price;
            let full = half_up(full * 10_i128.pow(decimals), 1_000_000);
            let discount = line["discount"]["amount"].as_str().unwrap_or("0");
            full - integer(discount, decimals as usize)
        })
        .collect()
}

fn groups(invoice: &Invoice) -> Groups {
    let mut groups = Groups::new();
    for (line, net) in invoice.content().lines.iter().zip(nets(invoice)) {
        *groups.entry((line.vat.category, line.vat.rate)).or_default() += net;
    }
    groups
}

fn vat(taxable: i128, rate: Rate) -> i128 {
    half_up(taxable * integer(&rate.to_string(), 4), 1_000_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn sums_are_those_of_another_reckoning(family in generated::family(currencies())) {
        for document in &family {
            let totals = document.totals();
            let lines: Vec<i128> = totals.lines.iter().map(|line| units(line.net)).collect();
            prop_assert_eq!(&lines, &nets(document));
            let groups = groups(document);
            prop_assert_eq!(totals.breakdown.len(), groups.len());
            for (shown, ((category, rate), taxable)) in totals.breakdown.iter().zip(&groups) {
                prop_assert_eq!((shown.category, shown.rate), (*category, *rate));
                prop_assert_eq!(units(shown.taxable), *taxable);
            }
            let vat: i128 = totals.breakdown.iter().map(|group| units(group.vat)).sum();
            let net: i128 = lines.iter().sum();
            prop_assert_eq!(units(totals.net), net);
            prop_assert_eq!(units(totals.vat), vat);
            prop_assert_eq!(units(totals.gross), net + vat);
            prop_assert_eq!(units(totals.due), net + vat - units(totals.prepaid));
        }
        for group in &family[0].totals().breakdown {
            prop_assert_eq!(units(group.vat), vat(units(group.taxable), group.rate));
        }
    }

    #[test]
    fn credit_notes_give_back_the_invoice_and_no_more(family in generated::family(currencies())) {
        let (invoice, notes) = family.split_first().unwrap();
        let open_vat = |left: &Groups| -> i128 { left.iter().map(|(group, net)| vat(*net, group.1)).sum() };
        let mut left = groups(invoice);
        for note in notes {
            let before = open_vat(&left);
            for (group, net) in groups(note) {
                prop_assert!(net >= 0);
                let open = left.get_mut(&group).unwrap();
                *open -= net;
                prop_assert!(*open >= 0, "more net than was left");
            }
            prop_assert_eq!(units(note.totals().vat), before - open_vat(&left));
            for group in &note.totals().breakdown {
                let exact = vat(units(group.taxable), group.rate);
                prop_assert!((units(group.vat) - exact).abs() <= 1, "one smallest unit at most");
            }
        }
        let quantity = |document: &Invoice| -> u32 { document.content().lines.iter().map(|line| line.quantity).sum() };
        let is_all_back = notes.iter().map(quantity).sum::<u32>() == quantity(invoice);
        let exponent = invoice.content().currency.exponent().unwrap();
        let mut lines = invoice.content().lines.iter();
        let has_whole_prices = lines.all(|line| line.unit_price.amount().normalize().scale() <= exponent);
        if is_all_back && (has_whole_prices || notes.len() == 1) {
            prop_assert!(left.values().all(|net| *net == 0), "all of it is back: {:?}", left);
            let vat: i128 = notes.iter().map(|note| units(note.totals().vat)).sum();
            prop_assert_eq!(vat, units(invoice.totals().vat));
        }
    }
}
