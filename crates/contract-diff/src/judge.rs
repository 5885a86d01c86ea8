//! What a gap between two schemas means for those who send and for those who read.

use crate::{
    change::{Report, Severity},
    document::Unreadable,
    pointer::Pointer,
    schema::{
        gap::{Facet, Gap},
        node::Node,
        subset::{Comparison, Usage},
    },
};

/// Compares an old and a new schema in one use.
pub(crate) fn schemas<'a>(
    report: &mut Report,
    usage: Usage,
    (old, new): (Node<'a>, Node<'a>),
    at: &Pointer,
) -> Result<(), Unreadable> {
    for from_old in [true, false] {
        let mut comparison = Comparison::new(usage, from_old, report.options.today);
        let (first, second) = if from_old { (&old, &new) } else { (&new, &old) };
        let gaps = comparison.subset(first, second, at);
        if let Some(trouble) = comparison.trouble {
            return Err(trouble);
        }
        for gap in gaps {
            let Some(severity) = severity(usage, from_old, &gap) else { continue };
            let rule = format!("{}-{}", prefix(usage), stem(from_old, &gap.facet));
            report.add_as(&rule, severity, &gap.at, said(from_old, &gap));
        }
    }
    Ok(())
}

fn prefix(usage: Usage) -> &'static str {
    match usage {
        Usage::Request => "request",
        Usage::Response => "response",
        Usage::Message => "message",
    }
}

/// The rule without its first word: what became less if seen from the old schema, more if from the new.
fn stem(from_old: bool, facet: &Facet) -> &'static str {
    let pair = match facet {
        Facet::Type => ["type-narrowed", "type-widened"],
        Facet::Null => ["null-removed", "null-added"],
        Facet::Value => ["enum-value-removed", "enum-value-added"],
        Facet::Listed => ["enum-added", "enum-lifted"],
        Facet::Required { known: true, .. } => {
            ["property-became-required", "property-became-optional"]
        }
        Facet::Required { known: false, .. } => ["required-property-added", "property-removed"],
        Facet::Unknown { .. } => ["property-removed", "property-added"],
        Facet::Closed => ["additional-properties-closed", "additional-properties-opened"],
        Facet::Limit => ["limit-narrowed", "limit-widened"],
        Facet::Pattern { changed: true } => ["pattern-changed"; 2],
        Facet::Pattern { changed: false } => ["pattern-added", "pattern-lifted"],
        Facet::Format { changed: true } => ["format-changed"; 2],
        Facet::Format { changed: false } => ["format-added", "format-lifted"],
        Facet::Not => ["not-narrowed", "not-widened"],
        Facet::Variant => ["variant-removed", "variant-added"],
        Facet::Overlap => ["variants-overlap"; 2],
        Facet::Unclear => ["cannot-compare"; 2],
        Facet::Default => ["default-changed"; 2],
    };
    pair[usize::from(!from_old)]
}

/// How severe it is; nothing if another gap says it, or if it is nobody's business.
fn severity(usage: Usage, from_old: bool, gap: &Gap) -> Option<Severity> {
    let matters = match usage {
        Usage::Request => from_old,
        Usage::Response => !from_old,
        Usage::Message => true,
    };
    let twice =
        matches!(gap.facet, Facet::Pattern { changed: true } | Facet::Format { changed: true });
    match (&gap.facet, usage) {
        (Facet::Default, Usage::Request) => Some(Severity::Warning),
        (Facet::Default, _) => None,
        (Facet::Overlap, _) if gap.hard => matters.then_some(Severity::Breaking),
        (Facet::Overlap | Facet::Unclear, _) => matters.then_some(Severity::Warning),
        _ if twice && usage == Usage::Message => from_old.then_some(Severity::Breaking),
        _ if twice => matters.then_some(Severity::Breaking),
        (Facet::Unknown { closed, required, sunset }, _) if from_old => {
            let gone = match usage {
                _ if *sunset => Severity::Additive,
                Usage::Response => Severity::Breaking,
                Usage::Message if *required => Severity::Breaking,
                _ if *closed => Severity::Breaking,
                _ => Severity::Warning,
            };
            Some(gone)
        }
        (Facet::Unknown { .. }, _) => Some(Severity::Additive),
        // It is said as a property that came or went.
        (Facet::Required { known: false, .. }, Usage::Response) if from_old => None,
        (Facet::Required { known: false, .. }, Usage::Request) if !from_old => None,
        (Facet::Required { sunset: true, .. }, _) if !from_old => Some(Severity::Additive),
        (Facet::Closed, _) if matters && !from_old => Some(Severity::Warning),
        (Facet::Value | Facet::Listed | Facet::Variant, _) if !from_old && gap.extensible => {
            Some(Severity::Additive)
        }
        _ if matters => Some(Severity::Breaking),
        _ => Some(Severity::Additive),
    }
}

/// What was and what is.
fn said(from_old: bool, gap: &Gap) -> String {
    let (before, now) =
        if from_old { (&gap.first, &gap.second) } else { (&gap.second, &gap.first) };
    match &gap.facet {
        Facet::Value if from_old => format!("the value {before} is gone"),
        Facet::Value => format!("the value {now} is new"),
        Facet::Required { known: false, .. } if from_old => "a new property, and required".into(),
        Facet::Required { known: false, .. } => "the property is gone".into(),
        Facet::Unknown { .. } if from_old => "the property is gone".into(),
        Facet::Unknown { .. } => "a new property".into(),
        Facet::Variant if from_old => format!("no variant is like {before} any more"),
        Facet::Variant => format!("{now} is new"),
        Facet::Unclear if gap.second.is_empty() => gap.first.clone(),
        _ => format!("{before} → {now}"),
    }
}
