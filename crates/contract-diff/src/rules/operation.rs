//! Operations: paths, parameters, bodies, statuses, headers, security.

use super::{Rule, additive, breaking, warning};

/// The rules.
pub(super) const RULES: &[Rule] = &[
    additive("operation-added", "nobody called it before"),
    breaking(
        "operation-removed",
        "clients that call it get 404 or 405",
        "keep it for a while beside the new one; `deprecated: true` with `x-sunset` announces the day from which it may go",
    ),
    additive(
        "operation-removed-after-sunset",
        "it was deprecated, and the day that it announced is over",
    ),
    breaking(
        "operation-became-planned",
        "clients that call it get an example in place of an answer",
        "keep the operation, or remove it after a sunset",
    ),
    additive("planned-operation-removed", "nobody but a mock answered it"),
    warning(
        "operation-id-changed",
        "generated clients call the function by another name",
        "keep the operationId",
    ),
    breaking(
        "parameter-removed",
        "clients that send it are no longer heard or refused",
        "keep it for a while beside the new one; `deprecated: true` with `x-sunset` announces the day from which it may go",
    ),
    additive(
        "parameter-removed-after-sunset",
        "it was deprecated, and the day that it announced is over",
    ),
    breaking("parameter-moved", "clients send it where nobody looks", "take it in both places"),
    additive("parameter-added", "it may be left out"),
    breaking(
        "required-parameter-added",
        "clients that do not know it are refused",
        "leave it optional, with a default that keeps the old meaning",
    ),
    breaking(
        "parameter-became-required",
        "clients that leave it out are refused",
        "leave it optional, with a default",
    ),
    additive("parameter-became-optional", "what was taken is taken"),
    breaking(
        "parameter-style-changed",
        "clients write it in a way that is not understood",
        "take it in the old way, or under a new name in the new one",
    ),
    additive("request-body-added", "it may be left out"),
    breaking(
        "required-request-body-added",
        "clients that send none are refused",
        "leave it optional",
    ),
    breaking(
        "request-body-removed",
        "what clients send is no longer heard or refused",
        "keep it for a while beside the new one; `deprecated: true` with `x-sunset` announces the day from which it may go",
    ),
    breaking(
        "request-body-became-required",
        "clients that send none are refused",
        "leave it optional",
    ),
    additive("request-body-became-optional", "what was taken is taken"),
    breaking("request-content-type-removed", "clients that send it get 415", "go on taking it"),
    additive("request-content-type-added", "what was taken is taken"),
    warning(
        "request-encoding-changed",
        "parts of a form may be written in a way that is not understood",
        "take the old way too",
    ),
    breaking(
        "status-removed",
        "clients that wait for this status never see it",
        "go on answering it",
    ),
    breaking(
        "success-status-added",
        "clients that know the old one take it for something else",
        "answer the old status, or bring the new one with `Prefer` or a new path",
    ),
    warning(
        "error-status-added",
        "clients that handle each status by itself do not know it; most go by its first digit",
        "none is needed where clients go by the first digit",
    ),
    breaking(
        "response-content-type-removed",
        "clients that ask for it get 406 or what they cannot read",
        "go on answering it",
    ),
    additive("response-content-type-added", "clients get what they ask for"),
    breaking("response-header-removed", "clients that read it find nothing", "go on sending it"),
    breaking(
        "response-header-became-optional",
        "clients that rely on it fail where it is missing",
        "go on sending it",
    ),
    additive("response-header-became-required", "what comes is still what clients know"),
    additive("response-header-added", "clients ignore what they do not know"),
    breaking(
        "security-added",
        "clients that come without it get 401",
        "go on letting them in, until all have credentials",
    ),
    breaking(
        "security-scope-added",
        "clients whose tokens lack the scope get 403",
        "give the scope to all clients first, under a new scheme, and let both in",
    ),
    breaking(
        "security-changed",
        "clients that come with the old credentials get 401",
        "let both in for a while",
    ),
    additive("security-lifted", "who was let in is let in"),
    warning(
        "server-path-changed",
        "clients that took the address from the document call another path",
        "serve both paths",
    ),
    breaking(
        "message-from-us-removed",
        "clients that wait for the callback or webhook wait in vain",
        "go on sending it",
    ),
    additive("message-from-us-added", "nobody waited for it"),
    breaking(
        "problem-status-changed",
        "clients that know the problem by its status take it for another",
        "keep the status, or give the problem a new name",
    ),
    warning(
        "problem-removed",
        "clients that handle this problem never see it",
        "see which problem comes instead",
    ),
    additive("problem-added", "clients go by the status of problems that they do not know"),
];
