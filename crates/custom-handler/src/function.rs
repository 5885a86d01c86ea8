//! What names a function: its folder and the function.json in it.

use function_json::{FunctionJson, FunctionName, Part, Segment, Trigger};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a path segment (RFC 3986, section 2.3: unreserved).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A function's folder name and the text of its `function.json`, embedded at build time. Made by
/// [`function!`](crate::function!).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    pub(crate) name: &'static str,
    pub(crate) function_json: &'static str,
}

impl Function {
    /// A function from its parts, where its folder is not beside the code.
    pub const fn new(name: &'static str, function_json: &'static str) -> Self {
        Self { name, function_json }
    }

    /// The function's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The path of an HTTP function with these values for its route parameters, for a `Location`
    /// header: so that a route is written in `function.json` and nowhere else. Without the route
    /// prefix of `host.json`.
    ///
    /// # Panics
    /// If `function.json` has no HTTP trigger, or a parameter of its route is not given. Both are
    /// mistakes in the code that show the first time it runs.
    ///
    /// ```
    /// # use custom_handler::Function;
    /// const CAKE: Function = Function::new("cake", r#"{"bindings": [
    ///     {"type": "httpTrigger", "direction": "in", "name": "request", "route": "v1/cakes/{name}"},
    ///     {"type": "http", "direction": "out", "name": "response"}]}"#);
    /// assert_eq!(CAKE.url(&[("name", "apple & pear")]), "/v1/cakes/apple%20%26%20pear");
    /// ```
    pub fn url(&self, params: &[(&str, &str)]) -> String {
        let name = FunctionName::parse(self.name).expect("a function has a valid name");
        let json = FunctionJson::parse_named(&name, self.function_json);
        let Ok(FunctionJson { trigger: Trigger::Http(http), .. }) = json else {
            panic!("{name} has no HTTP trigger");
        };
        let mut url = String::new();
        for segment in http.route.segments() {
            url.push('/');
            write_segment(segment, params, &mut url);
        }
        url
    }

    /// The text of its `function.json`.
    pub const fn function_json(&self) -> &'static str {
        self.function_json
    }
}

fn write_segment(segment: &Segment, params: &[(&str, &str)], url: &mut String) {
    let value = |name: &str| {
        let given = params.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        given.unwrap_or_else(|| panic!("the route parameter {name} is not given")).1
    };
    let encoded = |name: &str| utf8_percent_encode(value(name), ESCAPED);
    match segment {
        Segment::Literal(text) => url.push_str(text),
        Segment::Parameter(parameter) => url.extend(encoded(&parameter.name)),
        Segment::Mixed(parts) => {
            for part in parts {
                match part {
                    Part::Literal(text) => url.push_str(text),
                    Part::Parameter(parameter) => url.extend(encoded(&parameter.name)),
                }
            }
        }
        Segment::CatchAll(parameter) => {
            let pieces = value(&parameter.name)
                .split('/')
                .map(|piece| utf8_percent_encode(piece, ESCAPED).to_string());
            url.push_str(&pieces.collect::<Vec<_>>().join("/"));
        }
    }
}

/// The last name of a module's path, for [`function!`](crate::function!): its folder.
#[doc(hidden)]
pub const fn folder_of(module_path: &'static str) -> &'static str {
    let bytes = module_path.as_bytes();
    let mut start = bytes.len();
    while start > 0 && bytes[start - 1] != b':' {
        start -= 1;
    }
    let (_, name) = module_path.split_at(start);
    // A folder that is called like a keyword: `mod r#in`.
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// The function of this folder: in `register/mod.rs`, `function!()` embeds the `function.json`
/// beside that file and takes the folder's name, that of the module, as the function's.
///
/// ```ignore
/// pub(crate) const FUNCTION: Function = function!();
/// ```
///
/// `function!("register")` does the same from the file that stands beside the folder.
#[macro_export]
macro_rules! function {
    () => {
        $crate::Function::new(
            $crate::folder_of(::core::module_path!()),
            ::core::include_str!("function.json"),
        )
    };
    ($name:literal) => {
        $crate::Function::new($name, ::core::include_str!(::core::concat!($name, "/function.json")))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_last_name_of_the_modules_path() {
        assert_eq!(folder_of("shop::functions::order_baked"), "order_baked");
        assert_eq!(folder_of("shop::functions::r#in"), "in");
        assert_eq!(folder_of("shop"), "shop");
    }
}
