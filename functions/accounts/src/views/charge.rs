use crate::domain::{Amount, ChargeId, ChargeState, DeclineReason, Merchant};
use crate::store::Charged;
use jiff::Timestamp;
use money::Money;
use serde::Serialize;

/// `Charge` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChargeView<'a> {
    id: ChargeId,
    state: ChargeState,
    /// Why it was declined.
    reason: Option<DeclineReason>,
    /// What was asked for. `None`: it was given up before it was asked for.
    amount: Option<Money>,
    captured: Money,
    refunded: Money,
    merchant: Option<&'a Merchant>,
    /// Until when it is held, if it is neither captured nor given up before.
    expires_at: Timestamp,
}

impl<'a> ChargeView<'a> {
    pub(crate) fn of(id: ChargeId, charged: &'a Charged) -> Self {
        let Charged { hold, currency, .. } = charged;
        let shown = |amount: Amount| amount.in_currency(*currency);
        Self {
            id,
            state: hold.charge_state(),
            reason: hold.declined_for(),
            amount: hold.charge,
            captured: shown(hold.captured),
            refunded: shown(hold.refunded),
            merchant: hold.merchant.as_ref(),
            expires_at: hold.expires_at,
        }
    }
}
