//! The functions that an app gets, in one call.

use super::app::DeadLetterApp;
use super::pages::Places;
use super::{api, keeping, pages, problems};
use crate::poison::{self, Again};
use custom_handler::{Function, Handler, Invocation, Request, TimerTick, methods};
use std::sync::Arc;

/// The largest request: a message of a mebibyte, which JSON and forms may write with more bytes.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024 + 4096;

/// The functions of an app's dead letters; made by [`dead_letter_functions!`](crate::dead_letter_functions!).
#[derive(Debug, Clone, Copy)]
pub struct DeadLetterFunctions {
    /// `GET` and `POST` of `<app>/v1/dead-letters`.
    pub list: Function,
    /// `GET`, `PUT` and `POST` of `<app>/v1/dead-letters/{letterId}`.
    pub letter: Function,
    /// `GET` and `POST` of `<app>/dead-letters`.
    pub list_page: Function,
    /// `GET` and `POST` of `<app>/dead-letters/{letterId}`.
    pub letter_page: Function,
    /// The timer that reads the poison queues.
    pub poison_queues: Function,
}

/// Puts dead letters into a handler.
pub trait WithDeadLetters<A: 'static> {
    /// Registers the functions of dead letters, keeps what functions give up, and works again at what lies in the app's
    /// poison queues, with the function whose queue it failed in. Of a queue that has none in `again`, every message
    /// becomes a letter.
    #[must_use]
    fn dead_letters(self, functions: DeadLetterFunctions, again: impl Into<Vec<Again<A>>>) -> Self;
}

impl<A: DeadLetterApp> WithDeadLetters<A> for Handler<A> {
    fn dead_letters(self, functions: DeadLetterFunctions, again: impl Into<Vec<Again<A>>>) -> Self {
        let again: Arc<[Again<A>]> = again.into().into();
        let places = Places { list: functions.list_page, letter: functions.letter_page };
        let handler = self
            .on_give_up(keeping::keep_given_up::<A>)
            .http(functions.list, methods().get(api::list::<A>).post(api::act_on_many::<A>))
            .http(
                functions.letter,
                methods()
                    .get(api::read::<A>)
                    .put(api::edit::<A>)
                    .post(api::act::<A>)
                    .max_body_bytes(MAX_BODY_BYTES),
            )
            .http(
                functions.list_page,
                methods()
                    .get(move |app: &'static A, request: Request| async move {
                        pages::guarded(pages::list(app, places, request).await)
                    })
                    .post(move |app: &'static A, request: Request| async move {
                        pages::guarded(pages::act_on_many(app, places, request).await)
                    }),
            )
            .http(
                functions.letter_page,
                methods()
                    .get(move |app: &'static A, request: Request| async move {
                        pages::guarded(pages::read(app, places, request).await)
                    })
                    .post(move |app: &'static A, request: Request| async move {
                        pages::guarded(pages::act(app, places, request).await)
                    })
                    .max_body_bytes(MAX_BODY_BYTES),
            );
        let poison = move |app: &'static A, _: TimerTick, invocation: Invocation| {
            poison::run(app, Arc::clone(&again), invocation)
        };
        handler
            .timer(functions.poison_queues, poison)
            .problems(problems::ALL)
            .problems(staff_pages::problems::ALL)
    }
}

/// The functions of an app's dead letters, from the folders `dead_letters`, `dead_letter`, `dead_letters_page`,
/// `dead_letter_page` and `poison_queues`. Each folder stands beside the file that says this, and holds a `function.json` and nothing else.
///
/// ```ignore
/// // src/functions/mod.rs
/// pub(crate) const DEAD_LETTERS: DeadLetterFunctions = dead_letter_functions!();
/// // src/main.rs
/// Handler::new(app)
///     .queue(bake::FUNCTION, bake::handle)
///     .dead_letters(functions::DEAD_LETTERS, [again(bake::FUNCTION, bake::handle)])
/// ```
#[macro_export]
macro_rules! dead_letter_functions {
    () => {
        $crate::DeadLetterFunctions {
            list: ::custom_handler::function!("dead_letters"),
            letter: ::custom_handler::function!("dead_letter"),
            list_page: ::custom_handler::function!("dead_letters_page"),
            letter_page: ::custom_handler::function!("dead_letter_page"),
            poison_queues: ::custom_handler::function!("poison_queues"),
        }
    };
}
