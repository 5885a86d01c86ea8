//! What is sent once, and read by receivers that hold the old schema or the new one.

use super::{Rule, additive, breaking, warning};

/// The rules.
pub(super) const RULES: &[Rule] = &[
    breaking(
        "message-type-narrowed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-type-widened",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-null-removed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-null-added",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-enum-value-removed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-enum-value-added",
        "receivers that hold the old schema cannot read new messages",
        "announce with `x-extensible: true` a release before that more may come, or a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-enum-added",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-enum-lifted",
        "receivers that hold the old schema cannot read new messages",
        "announce with `x-extensible: true` a release before that more may come, or a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-property-became-required",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-property-became-optional",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-additional-properties-closed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    warning(
        "message-additional-properties-opened",
        "receivers that refuse what they do not know may fail",
        "keep the object closed if such receivers are known",
    ),
    breaking(
        "message-limit-narrowed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-limit-widened",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-pattern-added",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-pattern-lifted",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-format-added",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-format-lifted",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-not-narrowed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-not-widened",
        "receivers that hold the old schema cannot read new messages",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-variant-removed",
        "receivers that hold the new schema refuse old messages from queues and replays",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-variant-added",
        "receivers that hold the old schema cannot read new messages",
        "announce with `x-extensible: true` a release before that more may come, or a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-required-property-added",
        "receivers that hold the new schema refuse old messages, which lack it",
        "leave it optional",
    ),
    breaking(
        "message-property-removed",
        "receivers that hold the old schema miss it, or those that hold a closed new one refuse old messages",
        "go on sending it",
    ),
    additive("message-property-added", "receivers ignore what they do not know"),
    breaking(
        "message-pattern-changed",
        "old and new receivers refuse each other's texts",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    breaking(
        "message-format-changed",
        "old and new receivers refuse each other's texts",
        "a message with a new type and a schema of its own (`.v2`), sent beside the old one for a while",
    ),
    warning(
        "message-variants-overlap",
        "whether receivers can read each other's variants cannot be told",
        "demand a property with a const in each variant, or write anyOf",
    ),
    warning(
        "message-cannot-compare",
        "whether receivers can read each other's messages cannot be told",
        "look at it, and write it simpler if you can",
    ),
];
