use std::future::Future;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::Method;

use crate::problem::Problem;
use crate::request::Request;
use crate::response::Response;

/// Largest body an HTTP function takes unless it says otherwise.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// A function's code, bound to its app.
pub(crate) type HttpCode =
    Arc<dyn Fn(Request) -> BoxFuture<'static, Result<Response, Problem>> + Send + Sync>;

type AppCode<A> = Box<dyn FnOnce(&'static A) -> HttpCode>;

/// The code of an HTTP function, by method. Made by [`methods`].
pub struct Methods<A: 'static> {
    by_method: Vec<(Method, AppCode<A>)>,
    any: Option<AppCode<A>>,
    max_body_bytes: usize,
}

/// What an HTTP function does, method by method:
///
/// ```
/// # use custom_handler::{Problem, Request, Response, methods, Methods};
/// # struct App;
/// async fn get(_: &App, request: Request) -> Result<Response, Problem> {
///     let id: u32 = request.param("id")?;
///     Ok(Response::ok(&id))
/// }
///
/// let code: Methods<App> = methods().get(get).max_body_bytes(16 * 1024);
/// ```
///
/// Which methods there are is written in function.json alone: one that it lists and that has no
/// code, and code for one that it does not list, stop the handler from being built. `HEAD`, where
/// listed, is answered by the code of `GET` unless it has its own.
pub fn methods<A: Sync + 'static>() -> Methods<A> {
    Methods { by_method: Vec::new(), any: None, max_body_bytes: MAX_BODY_BYTES }
}

macro_rules! by_name {
    ($($name:ident = $method:ident),* $(,)?) => {$(
        #[doc = concat!("Answers `", stringify!($method), "`.")]
        #[must_use]
        pub fn $name<F, R>(self, code: F) -> Self
        where
            F: Fn(&'static A, Request) -> R + Send + Sync + 'static,
            R: Future<Output = Result<Response, Problem>> + Send + 'static,
        {
            self.on(Method::$method, code)
        }
    )*};
}

impl<A: Sync + 'static> Methods<A> {
    by_name!(
        get = GET,
        head = HEAD,
        post = POST,
        put = PUT,
        patch = PATCH,
        delete = DELETE,
        options = OPTIONS
    );

    /// Answers a method.
    #[must_use]
    pub fn on<F, R>(mut self, method: Method, code: F) -> Self
    where
        F: Fn(&'static A, Request) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response, Problem>> + Send + 'static,
    {
        self.by_method.push((method, bind_later(code)));
        self
    }

    /// Answers every method that has no code of its own.
    #[must_use]
    pub fn any<F, R>(mut self, code: F) -> Self
    where
        F: Fn(&'static A, Request) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response, Problem>> + Send + 'static,
    {
        self.any = Some(bind_later(code));
        self
    }

    /// Largest body the function takes, in bytes; 413 `content-too-large` beyond.
    #[must_use]
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = limit;
        self
    }

    pub(crate) fn bind(self, app: &'static A) -> BoundMethods {
        BoundMethods {
            by_method: self
                .by_method
                .into_iter()
                .map(|(method, code)| (method, code(app)))
                .collect(),
            any: self.any.map(|code| code(app)),
            max_body_bytes: self.max_body_bytes,
        }
    }
}

fn bind_later<A, F, R>(code: F) -> AppCode<A>
where
    A: Sync + 'static,
    F: Fn(&'static A, Request) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Box::new(move |app| Arc::new(move |request| code(app, request).boxed()))
}

/// The methods of one function, bound to the app.
pub(crate) struct BoundMethods {
    pub(crate) by_method: Vec<(Method, HttpCode)>,
    pub(crate) any: Option<HttpCode>,
    pub(crate) max_body_bytes: usize,
}

impl BoundMethods {
    /// The code for a method that function.json allows.
    pub(crate) fn code(&self, method: &Method) -> Option<&HttpCode> {
        let of = |wanted: &Method| {
            self.by_method.iter().find(|(known, _)| known == wanted).map(|(_, code)| code)
        };
        let for_head = || (*method == Method::HEAD).then(|| of(&Method::GET)).flatten();
        of(method).or_else(for_head).or(self.any.as_ref())
    }
}
