//! An app's functions `openapi` and `docs`: what its build script made out of the contract (crates/contract-page).

/// The function `openapi` of an app: GET answers the contract. The whole `mod.rs` of it is
///
/// ```text
/// //! `cakes/v1/openapi.yaml`
///
/// public_api::openapi_function!(crate::app::App);
/// ```
#[macro_export]
macro_rules! openapi_function {
    ($app:ty) => {
        /// GET: the contract.
        pub(crate) async fn get(
            _: &$app,
            _: $crate::reexported::Request,
        ) -> ::core::result::Result<$crate::reexported::Response, $crate::reexported::Problem> {
            Ok($crate::reexported::Response::yaml(include_str!(concat!(
                env!("OUT_DIR"),
                "/openapi.yaml"
            ))))
        }
    };
}

/// The function `docs` of an app: GET answers the contract as a page for people. The whole `mod.rs` of it is
///
/// ```text
/// //! `cakes/v1/docs`
///
/// public_api::docs_function!(crate::app::App);
/// ```
#[macro_export]
macro_rules! docs_function {
    ($app:ty) => {
        /// GET: the page.
        pub(crate) async fn get(
            _: &$app,
            _: $crate::reexported::Request,
        ) -> ::core::result::Result<$crate::reexported::Response, $crate::reexported::Problem> {
            Ok($crate::reexported::Response::html(include_str!(concat!(
                env!("OUT_DIR"),
                "/docs.html"
            ))))
        }
    };
}
