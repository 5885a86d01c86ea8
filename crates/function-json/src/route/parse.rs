use std::collections::HashSet;

use super::{Constraint, Part, RouteParameter, Segment};

/// Longest template, in bytes; a guard, not a limit of the host.
const MAX_TEMPLATE_BYTES: usize = 2048;

pub(super) fn segments(template: &str) -> Result<Vec<Segment>, String> {
    if template.len() > MAX_TEMPLATE_BYTES {
        return Err(format!("is longer than {MAX_TEMPLATE_BYTES} bytes; shorten it"));
    }
    if template.starts_with(['/', '~']) {
        return Err("starts with a slash or `~`; begin with the first segment".to_owned());
    }
    let template = template.strip_suffix('/').unwrap_or(template);
    if template.is_empty() {
        return Ok(Vec::new());
    }
    let segments =
        split_outside_braces(template)?.into_iter().map(segment).collect::<Result<Vec<_>, _>>()?;
    check_catch_all(&segments)?;
    check_names(&segments)?;
    Ok(segments)
}

/// Splits at slashes, but not at those of a regular expression inside braces.
fn split_outside_braces(template: &str) -> Result<Vec<&str>, String> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = template[at..].chars().next() {
        match c {
            '/' => {
                pieces.push(&template[start..at]);
                at += 1;
                start = at;
            }
            '{' if !template[at..].starts_with("{{") => at += closing_brace(&template[at..])? + 1,
            '{' | '}' => at += escaped_brace(&template[at..])?,
            other => at += other.len_utf8(),
        }
    }
    pieces.push(&template[start..]);
    if pieces.iter().any(|piece| piece.is_empty()) {
        return Err("has two slashes in a row; remove one".to_owned());
    }
    Ok(pieces)
}

/// `{{` or `}}`, which stand for one brace of fixed text.
fn escaped_brace(rest: &str) -> Result<usize, String> {
    if rest.starts_with("{{") || rest.starts_with("}}") {
        Ok(2)
    } else {
        Err("has a `}` without its `{`; write `}}` for a brace in fixed text".to_owned())
    }
}

/// Where the parameter that starts here ends; doubled braces inside it belong to a regular expression.
fn closing_brace(rest: &str) -> Result<usize, String> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'{', Some(b'{')) | (b'}', Some(b'}')) => at += 2,
            (b'}', _) => return Ok(at),
            (b'{', _) => {
                return Err(
                    "has a `{` inside a parameter; close the first one, or double it in a regex"
                        .to_owned(),
                );
            }
            _ => at += 1,
        }
    }
    Err("has a `{` without its `}`; close it".to_owned())
}

fn segment(text: &str) -> Result<Segment, String> {
    let mut parts = parts(text)?;
    if parts.len() == 1 {
        return match parts.remove(0) {
            Part::Literal(literal) => Ok(Segment::Literal(literal)),
            Part::Parameter(mut parameter) => match parameter.name.strip_prefix('*') {
                Some(name) => {
                    parameter.name = name.strip_prefix('*').unwrap_or(name).to_owned();
                    if parameter.optional {
                        return Err(
                            "has an optional catch-all; it is optional already, remove the `?`"
                                .to_owned(),
                        );
                    }
                    check_name(&parameter.name)?;
                    Ok(Segment::CatchAll(parameter))
                }
                None => {
                    check_name(&parameter.name)?;
                    Ok(Segment::Parameter(parameter))
                }
            },
        };
    }
    check_mixed(&parts)?;
    Ok(Segment::Mixed(parts))
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push(c);
            rest = &rest[2..];
        } else if c == '{' {
            let end = closing_brace(rest)?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Parameter(parameter(&rest[1..end])?));
            rest = &rest[end + 1..];
        } else if c == '?' {
            return Err("has a `?` in fixed text; a route has no query".to_owned());
        } else {
            literal.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

/// `name:constraint:constraint(argument)=default?`, without its braces.
fn parameter(text: &str) -> Result<RouteParameter, String> {
    let (text, optional) = match text.strip_suffix('?') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let end = text.find([':', '=']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut constraints = Vec::new();
    while let Some(after) = rest.strip_prefix(':') {
        let end = constraint_end(after);
        constraints.push(Constraint::parse(&after[..end].replace("{{", "{").replace("}}", "}"))?);
        rest = &after[end..];
    }
    let default = rest.strip_prefix('=').map(str::to_owned);
    if optional && default.is_some() {
        return Err(format!("`{name}` is optional and has a default; keep one of the two"));
    }
    Ok(RouteParameter { name: name.to_owned(), constraints, default, optional })
}

/// A constraint ends at `:` or `=` outside its parentheses.
fn constraint_end(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ':' | '=' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = !name.is_empty() && !name.contains(['/', '{', '}', '?', '*']);
    if plain {
        Ok(())
    } else {
        Err(format!("`{name}` is not a parameter name; use letters, such as `{{id}}`"))
    }
}

fn check_mixed(parts: &[Part]) -> Result<(), String> {
    for part in parts {
        let Part::Parameter(parameter) = part else {
            continue;
        };
        check_name(&parameter.name)?;
        if parameter.optional || parameter.default.is_some() {
            let name = &parameter.name;
            return Err(format!(
                "`{name}` shares its segment with other text; it cannot be optional or have a default"
            ));
        }
    }
    let touching =
        parts.windows(2).any(|pair| matches!(pair, [Part::Parameter(_), Part::Parameter(_)]));
    if touching {
        Err("has two parameters without text between them; separate them".to_owned())
    } else {
        Ok(())
    }
}

fn check_catch_all(segments: &[Segment]) -> Result<(), String> {
    let before_last = &segments[..segments.len() - 1];
    if before_last.iter().any(|segment| matches!(segment, Segment::CatchAll(_))) {
        return Err("has a catch-all before its end; move it to the last segment".to_owned());
    }
    Ok(())
}

fn check_names(segments: &[Segment]) -> Result<(), String> {
    let mut seen = HashSet::new();
    for parameter in segments.iter().flat_map(Segment::parameters) {
        if !seen.insert(parameter.name.to_lowercase()) {
            return Err(format!(
                "names `{}` twice; rename one (case does not count)",
                parameter.name
            ));
        }
    }
    Ok(())
}
