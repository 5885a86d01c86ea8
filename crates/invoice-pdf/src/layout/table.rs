//! The lines of an invoice, with the heads of their columns on every page.

use invoice::{Category, Line as InvoiceLine, LineTotal};

use super::{
    Layout,
    styles::{BODY, HAIRLINE, LABEL, MEASURE, QUIET, RULE},
};
use crate::{
    sheet::{LEFT, RIGHT},
    text::{Ink, Line, Style},
    unprintable::{Place, Unprintable},
};

/// Where columns begin or, for figures, end.
const POSITION: f32 = LEFT + 16.0;
const ITEM: f32 = LEFT + 26.0;
const ITEM_WIDTH: f32 = 208.0;
const QUANTITY: f32 = LEFT + 282.0;
const UNIT_PRICE: f32 = LEFT + 360.0;
const VAT: f32 = LEFT + 404.0;

/// Between the figures of two columns, at least.
const GAP: f32 = 5.0;

/// Above and under a row.
const PADDING: f32 = 4.0;

/// A row before it is known on which page it goes.
struct Row {
    item: Vec<Line>,
    /// Under the item: a discount, a note.
    remarks: Vec<Line>,
    /// The end of each figure.
    figures: [(f32, Line); 5],
}

impl Layout<'_, '_> {
    pub(super) fn table(&mut self) -> Result<(), Unprintable> {
        self.heads()?;
        let invoice = self.invoice;
        let lines = invoice.content().lines.iter().zip(&invoice.totals().lines);
        for (index, (line, total)) in lines.enumerate() {
            let row = self.row(index, line, total)?;
            if !self.sheet.has_room(row.height()) {
                self.sheet.next_page()?;
                self.heads()?;
            }
            self.put(row);
        }
        Ok(())
    }

    fn heads(&mut self) -> Result<(), Unprintable> {
        let words = self.words;
        let amount = format!("{} {}", words.amount, self.invoice.content().currency);
        self.label(ITEM, words.item, LABEL)?;
        self.figure(QUANTITY, words.quantity, LABEL)?;
        self.figure(UNIT_PRICE, words.unit_price, LABEL)?;
        self.figure(VAT, words.vat, LABEL)?;
        self.figure(RIGHT, &amount, LABEL)?;
        self.sheet.down(LABEL.leading() + PADDING);
        self.sheet.rule(LEFT, MEASURE, RULE, Ink::Accent);
        self.sheet.down(1.0);
        Ok(())
    }

    fn row(
        &mut self,
        index: usize,
        line: &InvoiceLine,
        total: &LineTotal,
    ) -> Result<Row, Unprintable> {
        let words = self.words;
        let at = |field| Place::in_line(index, field);
        let item = self.type_.lines(at("item"), line.item.as_str(), BODY, ITEM_WIDTH)?;
        let mut remarks = Vec::new();
        if let Some(discount) = line.discount {
            let text = format!("{} {}", words.discount, words.amount(discount));
            remarks.extend(self.type_.lines(at("discount"), &text, QUIET, ITEM_WIDTH)?);
        }
        if let Some(note) = &line.note {
            remarks.extend(self.type_.lines(at("note"), note.as_str(), QUIET, ITEM_WIDTH)?);
        }
        let vat = match line.vat.category {
            Category::Standard | Category::Zero => words.rate(line.vat.rate),
            without => without.code().to_owned(),
        };
        let mut figure = |from: f32, to: f32, field, text: &str, style: Style| {
            self.fitted(at(field), text, style, to - from - GAP).map(|line| (to, line))
        };
        let item_end = ITEM + ITEM_WIDTH;
        let quantity = words.figure(&line.quantity.to_string());
        let figures = [
            figure(LEFT - GAP, POSITION, "id", &(index + 1).to_string(), QUIET)?,
            figure(item_end, QUANTITY, "quantity", &quantity, BODY)?,
            figure(QUANTITY, UNIT_PRICE, "unitPrice", &words.amount(line.unit_price), BODY)?,
            figure(UNIT_PRICE, VAT, "vat", &vat, BODY)?,
            figure(VAT, RIGHT, "net", &words.amount(total.net), BODY)?,
        ];
        Ok(Row { item, remarks, figures })
    }

    fn put(&mut self, row: Row) {
        self.sheet.down(PADDING);
        for (x, line) in row.figures {
            self.sheet.right(x, BODY.baseline(), line);
        }
        for line in row.item {
            self.sheet.left(ITEM, BODY.baseline(), line);
            self.sheet.down(BODY.leading());
        }
        for line in row.remarks {
            self.sheet.left(ITEM, QUIET.baseline(), line);
            self.sheet.down(QUIET.leading());
        }
        self.sheet.down(PADDING);
        self.sheet.rule(LEFT, MEASURE, HAIRLINE, Ink::Hairline);
    }
}

impl Row {
    fn height(&self) -> f32 {
        let lines = self.item.len() as f32 * BODY.leading();
        lines + self.remarks.len() as f32 * QUIET.leading() + 2.0 * PADDING
    }
}
