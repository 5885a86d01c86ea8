//! Whether each card token leads to a card: whoever claimed it may have ended before the card was written.

use super::page::{PAGE, Seen};
use crate::app::App;
use azure_data::CosmosFailure;
use jiff::SignedDuration;

/// How old a claim is before its card should be there.
const LEFT_AFTER: SignedDuration = SignedDuration::from_mins(15);

pub(super) async fn page(app: &App, after: Option<String>) -> Result<Seen, CosmosFailure> {
    let claims = app.tokens.claims(after.as_deref(), PAGE).await?;
    let (now, mut found) = (app.clock.now(), 0);
    for claim in claims.iter().filter(|claim| claim.is_older_than(LEFT_AFTER, now)) {
        let place = claim.place();
        if app.cards.read(place.account_id, place.card_id).await?.is_none() {
            found += 1;
            tracing::error!(
                alarm = "token-without-card", account = %place.account_id, card = %place.card_id,
                "a token of the processor leads to a card that is not there"
            );
        }
    }
    let last = claims.last().map(|claim| claim.id().to_owned());
    Ok(Seen { count: claims.len(), last, found })
}
