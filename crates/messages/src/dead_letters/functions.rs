//! The functions that an app gets, in one call.

use super::app::DeadLetterApp;
use super::pages::Places;
use super::report::queue_of;
use super::{api, keeping, pages, problems};
use custom_handler::{Function, Handler, Invocation, QueueMessage, Request, methods};

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
    /// One for each poison queue; `"dataType": "binary"`, so that a message that is no text is kept as it is.
    pub poison: &'static [Function],
}

/// Puts dead letters into a handler.
pub trait WithDeadLetters {
    /// Registers the functions of dead letters, and keeps what functions give up.
    #[must_use]
    fn dead_letters(self, functions: DeadLetterFunctions) -> Self;
}

impl<A: DeadLetterApp> WithDeadLetters for Handler<A> {
    fn dead_letters(self, functions: DeadLetterFunctions) -> Self {
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
        let handler = handler.problems(problems::ALL).problems(staff_pages::problems::ALL);
        functions.poison.iter().copied().fold(handler, poison)
    }
}

fn poison<A: DeadLetterApp>(handler: Handler<A>, function: Function) -> Handler<A> {
    // Without a queue the handler is not built: its function.json has another trigger.
    let queue: &'static str = String::leak(queue_of(&function).unwrap_or_default());
    let keep = move |app: &'static A, message: QueueMessage, invocation: Invocation| {
        keeping::poison(app, queue, message, invocation)
    };
    handler.queue(function, keep)
}

/// The functions of an app's dead letters, from the folders `dead_letters`, `dead_letter`, `dead_letters_page` and
/// `dead_letter_page`, and those named here, one for each poison queue. Each folder stands beside the file that says
/// this, and holds a `function.json` and nothing else.
///
/// ```ignore
/// // src/functions/mod.rs
/// pub(crate) const DEAD_LETTERS: DeadLetterFunctions = dead_letter_functions!["keep_orders_poison"];
/// // src/main.rs
/// Handler::new(app).queue(functions::bake::FUNCTION, functions::bake::handle).dead_letters(functions::DEAD_LETTERS)
/// ```
#[macro_export]
macro_rules! dead_letter_functions {
    ($($poison:literal),* $(,)?) => {
        $crate::DeadLetterFunctions {
            list: ::custom_handler::function!("dead_letters"),
            letter: ::custom_handler::function!("dead_letter"),
            list_page: ::custom_handler::function!("dead_letters_page"),
            letter_page: ::custom_handler::function!("dead_letter_page"),
            poison: &[$(::custom_handler::function!($poison)),*],
        }
    };
}
