//! Queue `accounts-card-orders`: cards that the processor is to make.

use crate::app::App;
use crate::domain::Card;
use crate::processor::MadeCard;
use crate::store::CardPlace;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// The processor makes the card once, however often it is asked; then it is known by its token, then it is written.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    _invocation: Invocation,
) -> Result<Done, Failure> {
    let place: CardPlace = message.json()?;
    let CardPlace { account_id, card_id } = place;
    let card = app.cards.read(account_id, card_id).await.map_err(Failure::again)?;
    // Not there: a read may be old, and a restore may have taken it back. Whoever has an account sees what cards it has.
    let Some(card) = card.filter(|card| card.face.is_none()) else { return Ok(Done::nothing()) };
    let made = app.processor.make(card_id, card.replaces).await.map_err(Failure::again)?;
    let MadeCard { token, face } = made;
    let kept = app.tokens.claim(&token, place).await.map_err(Failure::again)?;
    if kept != place {
        return Err(Failure::GiveUp(format!(
            "the processor gave card {card_id} another card's token"
        )));
    }
    let edit = |card: Card| Ok::<_, Infallible>(card.made(face.clone()));
    app.cards.change(account_id, card_id, edit).await.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("card {card_id} was made")))
}
