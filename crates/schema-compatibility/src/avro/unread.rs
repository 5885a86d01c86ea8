//! What a reader with one Avro schema cannot read of what a writer with another one writes: schema resolution, as the
//! specification has it, before anything is written.

use super::{
    logical::Logical,
    names::FullName,
    types::{Body, Document, Field, Named, Shape, Type},
};
use crate::{
    gap::{Gap, Rule},
    path::Path,
};

/// What the reader cannot read.
pub(crate) fn unread(reader: &Document, writer: &Document) -> Vec<Gap> {
    let mut resolution = Resolution { reader, writer, under_way: Vec::new(), gaps: Vec::new() };
    resolution.value(&reader.root, &writer.root, &Path::root());
    resolution.gaps
}

struct Resolution<'a> {
    reader: &'a Document,
    writer: &'a Document,
    /// Pairs of records that are being looked at, so that one with a field of its own type ends.
    under_way: Vec<(FullName, FullName)>,
    gaps: Vec<Gap>,
}

impl Resolution<'_> {
    fn value(&mut self, reader: &Type, writer: &Type, path: &Path) {
        match (&reader.shape, &writer.shape) {
            (_, Shape::Union(branches)) => {
                for branch in branches {
                    self.branch(reader, branch, path);
                }
            }
            (Shape::Union(branches), _) => {
                match branches.iter().find(|b| self.matches(b, writer)) {
                    Some(branch) => self.value(branch, writer, path),
                    None => self.gap(Rule::BranchUnknown, path, reader, writer),
                }
            }
            (Shape::Primitive(reads), Shape::Primitive(writes)) if reads.reads(*writes) => {
                self.meaning(reader.logical.as_ref(), writer.logical.as_ref(), path);
            }
            (Shape::List(reads), Shape::List(writes)) => self.value(reads, writes, &path.items()),
            (Shape::Map(reads), Shape::Map(writes)) => self.value(reads, writes, &path.values()),
            (Shape::Named(reads), Shape::Named(writes)) => self.named(reads, writes, path),
            _ => self.gap(Rule::TypeDiffers, path, reader, writer),
        }
    }

    /// A branch of the writer's union, which the reader must take whatever it is.
    fn branch(&mut self, reader: &Type, branch: &Type, path: &Path) {
        match &reader.shape {
            Shape::Union(_) => self.value(reader, branch, path),
            _ if self.matches(reader, branch) => self.value(reader, branch, path),
            _ => self.gap(Rule::BranchUnknown, path, reader, branch),
        }
    }

    /// Whether a reader's type is the one for what a writer wrote; what is inside may still differ.
    fn matches(&self, reader: &Type, writer: &Type) -> bool {
        match (&reader.shape, &writer.shape) {
            (Shape::Primitive(reads), Shape::Primitive(writes)) => reads.reads(*writes),
            (Shape::List(_), Shape::List(_)) | (Shape::Map(_), Shape::Map(_)) => true,
            (Shape::Named(reads), Shape::Named(writes)) => {
                let (known, written) = (self.reader.body(reads), self.writer.body(writes));
                known.body.word() == written.body.word() && is_called(reads, known, writes)
            }
            _ => false,
        }
    }

    fn named(&mut self, reads: &FullName, writes: &FullName, path: &Path) {
        let (known, written) = (self.reader.body(reads), self.writer.body(writes));
        if known.body.word() != written.body.word() {
            let words = |name: &FullName, named: &Named| format!("{} {name}", named.body.word());
            let (reads, writes) = (words(reads, known), words(writes, written));
            self.gaps.push(Gap::new(Rule::TypeDiffers, path, reads, writes));
            return;
        }
        if !is_called(reads, known, writes) {
            self.gaps.push(Gap::new(
                Rule::NameDiffers,
                path,
                reads.to_string(),
                writes.to_string(),
            ));
        }
        match (&known.body, &written.body) {
            (Body::Record(known), Body::Record(written)) => {
                let pair = (reads.clone(), writes.clone());
                if !self.under_way.contains(&pair) {
                    self.under_way.push(pair);
                    self.record(known, written, path);
                    self.under_way.pop();
                }
            }
            (Body::Enum { symbols, default }, Body::Enum { symbols: written, .. }) => {
                let unknown = written.iter().filter(|symbol| !symbols.contains(symbol));
                for symbol in unknown.filter(|_| default.is_none()) {
                    let known = format!("one of {}", symbols.join(", "));
                    self.gaps.push(Gap::new(Rule::ValueUnknown, path, known, symbol));
                }
            }
            (Body::Fixed { size, logical }, Body::Fixed { size: written, logical: meant }) => {
                if size != written {
                    let bytes = |size: u64| format!("{size} bytes");
                    self.gaps.push(Gap::new(
                        Rule::SizeDiffers,
                        path,
                        bytes(*size),
                        bytes(*written),
                    ));
                }
                self.meaning(logical.as_ref(), meant.as_ref(), path);
            }
            _ => {}
        }
    }

    fn record(&mut self, known: &[Field], written: &[Field], path: &Path) {
        for field in known {
            let path = path.field(&field.name);
            let same = written.iter().find(|other| other.name == field.name);
            let other = same.or_else(|| written.iter().find(|o| field.aliases.contains(&o.name)));
            match other {
                Some(written) => self.value(&field.of, &written.of, &path),
                None if field.default.is_some() => {}
                None => {
                    let reads = format!("{}, without a default", field.of);
                    self.gaps.push(Gap::new(Rule::FieldMissing, &path, reads, "no such field"));
                }
            }
        }
    }

    /// The specification compares decimals. Other logical types it leaves to the reader, who would take thousandths of a second
    /// for millionths: where both say what they mean it must be the same.
    fn meaning(&mut self, reader: Option<&Logical>, writer: Option<&Logical>, path: &Path) {
        if let (Some(reader), Some(writer)) = (reader, writer)
            && reader != writer
        {
            let (reads, writes) = (reader.to_string(), writer.to_string());
            self.gaps.push(Gap::new(Rule::LogicalTypeDiffers, path, reads, writes));
        }
    }

    fn gap(&mut self, rule: Rule, path: &Path, reader: &Type, writer: &Type) {
        self.gaps.push(Gap::new(rule, path, reader.to_string(), writer.to_string()));
    }
}

/// Whether a reader's type goes by the name that a writer has for it: without the namespace, or by an alias.
fn is_called(reads: &FullName, known: &Named, writes: &FullName) -> bool {
    reads.short() == writes.short() || known.aliases.contains(writes)
}
