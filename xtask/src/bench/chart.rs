//! Figures as bars, in a picture that stands alone: no script, no font or image from elsewhere, light and dark.

use std::fmt::Write as _;

use super::{
    number::number,
    parts::{Chart, Part},
    results::{self, Better, Figure, Of},
};

const WIDTH: usize = 860;
/// Above the first figure: title and what the bars are.
const TOP: usize = 70;
const HEAD: usize = 26;
const ROW: usize = 24;
const BETWEEN: usize = 18;
const BAR_HEIGHT: usize = 14;
/// Where bars begin, and how long the longest is; right of it is room for its figure.
const BARS: usize = 190;
const BARS_WIDTH: f64 = 480.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1b1b1b}.t{font-size:17px;font-weight:600}\
.q{fill:#555}.n{font-weight:600}.ours{fill:#1f6feb}.peer{fill:#8c959f}.w{stroke:#1b1b1b;stroke-width:1.5}.g{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#eee}.q{fill:#aaa}.ours{fill:#6ea8ff}.peer{fill:#6e7681}.w{stroke:#eee}.g{fill:#16181c}}";

/// Draws the figures of a chart that were measured.
pub(crate) fn draw(part: &Part, chart: &Chart, measured: &results::Part) -> String {
    let find = |key: &&str| measured.figures.iter().find(|figure| figure.key == *key);
    let figures: Vec<&Figure> = chart.keys.iter().filter_map(find).collect();
    let rows: Vec<Vec<(&str, Of)>> = figures.iter().map(|figure| rows(part, figure)).collect();
    let height = TOP + rows.iter().map(|rows| HEAD + ROW * rows.len() + BETWEEN).sum::<usize>();
    let spoken: Vec<String> =
        figures.iter().zip(&rows).map(|(figure, rows)| spoken(figure, rows)).collect();
    let (file, title) = (chart.file, escaped(chart.title));
    let of = &measured.measured;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"{file}-title {file}-text\">\n<title id=\"{file}-title\">{title}</title>\n\
         <desc id=\"{file}-text\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"g\" width=\"{WIDTH}\" height=\"{height}\" rx=\"8\"/>\n\
         <text class=\"t\" x=\"20\" y=\"34\">{title}</text>\n\
         <text class=\"q\" x=\"20\" y=\"54\">{}, commit {}; medians of rounds, with the lowest and the highest</text>\n",
        escaped(&spoken.join(" ")),
        escaped(&of.date),
        escaped(&of.commit),
    );
    let mut y = TOP;
    for (figure, rows) in figures.iter().zip(&rows) {
        head(&mut svg, y, figure);
        bars(&mut svg, y + HEAD, rows);
        y += HEAD + ROW * rows.len() + BETWEEN;
    }
    svg.push_str("</svg>\n");
    svg
}

/// The contenders that have the figure, in the order of the part.
fn rows<'a>(part: &'a Part, figure: &Figure) -> Vec<(&'a str, Of)> {
    let of = |(name, head): &(&str, &'static str)| Some((*head, *figure.of.get(*name)?));
    part.contenders.iter().filter_map(of).collect()
}

fn head(svg: &mut String, y: usize, figure: &Figure) {
    let better = match figure.better {
        Some(Better::Lower) => " (less is better)",
        Some(Better::Higher) => " (more is better)",
        None => "",
    };
    let _ = writeln!(
        svg,
        "<text class=\"n\" x=\"20\" y=\"{}\">{}, {}<tspan class=\"q\">{better}</tspan></text>",
        y + 14,
        escaped(&figure.name),
        escaped(&figure.unit)
    );
}

/// Each figure has a scale of its own, from nothing to its highest round.
fn bars(svg: &mut String, top: usize, rows: &[(&str, Of)]) {
    let longest = rows.iter().map(|(_, of)| of.high).fold(f64::MIN_POSITIVE, f64::max);
    let place = |value: f64| BARS as f64 + value / longest * BARS_WIDTH;
    for (index, (name, of)) in rows.iter().enumerate() {
        let (y, ends) = (top + ROW * index, place(of.median));
        let class = if name.starts_with("ours") { "ours" } else { "peer" };
        let middle = y + BAR_HEIGHT / 2;
        let _ = writeln!(
            svg,
            "<text class=\"q\" x=\"20\" y=\"{}\">{}</text><rect class=\"{class}\" x=\"{BARS}\" y=\"{y}\" width=\"{:.1}\" \
             height=\"{BAR_HEIGHT}\"/><line class=\"w\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle}\" y2=\"{middle}\"/>\
             <text class=\"n\" x=\"{:.1}\" y=\"{}\">{}</text>",
            y + 12,
            escaped(name),
            (ends - BARS as f64).max(1.0),
            place(of.low),
            place(of.high),
            place(of.high) + 8.0,
            y + 12,
            number(of.median)
        );
    }
}

/// The same in words, for those who do not see it.
fn spoken(figure: &Figure, rows: &[(&str, Of)]) -> String {
    let each: Vec<String> =
        rows.iter().map(|(name, of)| format!("{name} {}", number(of.median))).collect();
    format!("{}, {}: {}.", figure.name, figure.unit, each.join("; "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
