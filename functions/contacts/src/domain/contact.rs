//! A contact, and what happens to it. Whatever comes twice, late or in another order leaves it as it would be in the right one.

use super::{
    AccountId, ContactId, Fact, FactKind, MAX_QUOTES, NotAsked, Product, Quote, QuoteId,
    QuoteState, ServiceId, Sold,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// Most products of a contact, those that have come to their end included.
pub(super) const MAX_PRODUCTS: usize = 1_000;

/// A customer as those see them who talk to customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    pub(crate) state: ContactState,
    /// The revision of the account that was heard of last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_revision: Option<Revision>,
    pub(crate) products: Vec<Product>,
    pub(crate) quotes: Vec<Quote>,
    /// What others may not know yet, the oldest first.
    pub(crate) facts: Vec<Fact>,
    /// None before the first change.
    #[serde(default)]
    revision: Option<Revision>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ContactState {
    /// Something was sold to somebody whose account nobody has told of yet.
    Expected,
    Active,
    /// The account is closed and its owner erased; nothing is known any more but that.
    Gone,
}

/// A contact has [`MAX_PRODUCTS`] products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyProducts;

impl Contact {
    /// Somebody of whom nothing was heard yet.
    pub(crate) fn expected(id: ContactId) -> Self {
        let (products, quotes, facts) = (Vec::new(), Vec::new(), Vec::new());
        let (state, account_revision) = (ContactState::Expected, None);
        Self { id, state, account_revision, products, quotes, facts, revision: None }
    }

    /// How often it changed in a way that others can see.
    pub(crate) fn revision(&self) -> Revision {
        self.revision.unwrap_or(Revision::FIRST)
    }

    /// Whether anything was heard of them.
    pub(crate) fn is_known(&self) -> bool {
        self.revision.is_some() || self.account_revision.is_some()
    }

    /// Their account was opened, by this revision of it.
    pub(crate) fn opened(
        mut self,
        revision: Revision,
        account_id: Option<AccountId>,
        at: Timestamp,
    ) -> Self {
        let is_old = self.account_revision.is_some_and(|known| known >= revision);
        if is_old || self.state == ContactState::Gone {
            return self;
        }
        self.account_revision = Some(revision);
        self.state = ContactState::Active;
        self.tell(FactKind::Activated { account_id }, at);
        self
    }

    /// Their account was closed and they are erased. Of somebody of whom others never heard they do not hear now.
    pub(crate) fn closed(mut self, revision: Revision, at: Timestamp) -> Self {
        if self.state == ContactState::Gone {
            return self;
        }
        self.state = ContactState::Gone;
        self.account_revision = Some(revision);
        self.products.clear();
        self.quotes.clear();
        if self.revision.is_some() {
            self.tell(FactKind::Deactivated, at);
        }
        self
    }

    /// They bought something. A quote for it comes to its good end, late or not.
    pub(crate) fn bought(mut self, sold: Sold) -> Result<Self, TooManyProducts> {
        let is_known = self.products.iter().any(|product| product.sold.sale_id == sold.sale_id);
        if is_known || self.state == ContactState::Gone {
            return Ok(self);
        }
        if self.products.len() >= MAX_PRODUCTS {
            return Err(TooManyProducts);
        }
        for quote in self.quotes.iter_mut().filter(|quote| quote.service_id == sold.service_id) {
            quote.state = QuoteState::Purchased;
        }
        let Sold { sale_id, ends_at, sold_at, .. } = sold;
        let service_id = sold.service_id.clone();
        self.tell(FactKind::Purchased { sale_id, service_id, ends_at }, sold_at);
        self.products.push(Product { sold, expired: false });
        Ok(self)
    }

    /// They asked for a quote.
    pub(crate) fn asked(
        mut self,
        id: QuoteId,
        service_id: ServiceId,
        at: Timestamp,
    ) -> Result<Self, NotAsked> {
        if self.state == ContactState::Gone {
            return Err(NotAsked::NoContact);
        }
        if let Some(known) = self.quotes.iter().find(|quote| quote.id == id) {
            let is_same = known.service_id == service_id;
            return if is_same { Ok(self) } else { Err(NotAsked::Differs) };
        }
        if self.quotes.len() >= MAX_QUOTES {
            return Err(NotAsked::TooMany);
        }
        self.quotes.push(Quote { id, service_id, asked_at: at, state: QuoteState::Open });
        self.advance();
        Ok(self)
    }

    /// Time has gone on until this moment: quotes are abandoned, products come to their end.
    pub(crate) fn passed(mut self, now: Timestamp) -> Self {
        let mut happened: Vec<(Timestamp, FactKind)> = Vec::new();
        for quote in &mut self.quotes {
            let Some(due) = quote.due_at().filter(|due| *due <= now) else { continue };
            quote.state = QuoteState::Abandoned;
            let (quote_id, service_id) = (quote.id, quote.service_id.clone());
            happened.push((due, FactKind::AbandonedQuote { quote_id, service_id }));
        }
        for product in &mut self.products {
            let Some(due) = product.due_at().filter(|due| *due <= now) else { continue };
            product.expired = true;
            let (sale_id, service_id) = (product.sold.sale_id, product.sold.service_id.clone());
            happened.push((due, FactKind::ProductExpired { sale_id, service_id }));
        }
        happened.sort_by_key(|(at, _)| *at);
        for (at, kind) in happened {
            self.tell(kind, at);
        }
        self
    }

    /// What has happened since the contact was as `before`, as far as others do not know it yet.
    pub(crate) fn happened_since(&self, before: &Self) -> impl Iterator<Item = &Fact> {
        let known = before.revision;
        self.facts.iter().filter(move |fact| known.is_none_or(|known| fact.revision > known))
    }

    /// When time alone will change it next.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let quotes = self.quotes.iter().filter_map(Quote::due_at);
        quotes.chain(self.products.iter().filter_map(Product::due_at)).min()
    }

    /// Others know its facts as far as this revision. They see no change in that.
    pub(crate) fn told(mut self, revision: Revision) -> Self {
        self.facts.retain(|fact| fact.revision > revision);
        self
    }

    fn tell(&mut self, kind: FactKind, at: Timestamp) {
        let revision = self.advance();
        self.facts.push(Fact { revision, at, kind });
    }

    fn advance(&mut self) -> Revision {
        let revision = self.revision.map_or(Revision::FIRST, Revision::next);
        self.revision = Some(revision);
        revision
    }
}
