//! Figures as people read them.

/// Three digits that count, in groups of three.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size == 0.0 || size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let grouped = grouped(digits);
    if part.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{part}") }
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_three_digits_that_count() {
        let shown = [0.0, 0.0244, 0.5, 4.449, 12.0, 38.25, 779.4, 1_440.6, 1_234_567.0, -1_000.0]
            .map(number);
        let read =
            ["0", "0.024", "0.5", "4.45", "12", "38.2", "779", "1,441", "1,234,567", "-1,000"];
        assert_eq!(shown, read);
    }
}
