//! The figures as a picture that stands alone: no script, no font or image from elsewhere, light and dark.

use std::fmt::Write as _;

use super::{
    figures::Figures,
    report::{Report, short},
    window::day,
};

const WIDTH: usize = 860;
const TOP: usize = 96;
const ROW: usize = 64;
/// Where the columns begin.
const COLUMNS: [usize; 6] = [20, 140, 420, 540, 650, 750];
const HEADS: [&str; 6] =
    ["app", "deployment days a week", "lead time", "failures", "recovery", "idea to code"];
/// The space of the bars of all weeks.
const BARS_WIDTH: usize = 240;
const BAR_HEIGHT: usize = 30;
/// A week has so many deployment days at most.
const DAYS: usize = 7;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1b1b1b}.t{font-size:17px;font-weight:600}\
.q{fill:#555}.n{font-weight:600}.l{stroke:#ccc}.b{fill:#1f6feb}.e{fill:#d0d7de}.g{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#eee}.q{fill:#aaa}.l{stroke:#444}.b{fill:#6ea8ff}.e{fill:#3a3f46}.g{fill:#16181c}}";

/// Draws a report.
pub(crate) fn draw(report: &Report) -> String {
    let rows: Vec<(&str, &Figures)> = report
        .apps
        .iter()
        .map(|(app, _, figures)| (app.as_str(), figures))
        .chain([("all apps", &report.overall)])
        .collect();
    let height = TOP + ROW * rows.len() + 16;
    let (since, until) = (day(report.window.since), report.window.last_day());
    let spoken: Vec<String> = rows.iter().map(|(app, figures)| spoken(app, figures)).collect();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"dora-title dora-text\">\n<title id=\"dora-title\">How fast changes reach customers: {}, {since} to \
         {until}</title>\n<desc id=\"dora-text\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"g\" width=\"{WIDTH}\" height=\"{height}\" rx=\"8\"/>\n\
         <text class=\"t\" x=\"20\" y=\"34\">How fast changes reach customers</text>\n\
         <text class=\"q\" x=\"20\" y=\"54\">{}, {since} to {until}; medians, of how many</text>\n",
        escaped(&report.environment),
        escaped(&spoken.join(" ")),
        escaped(&report.environment),
    );
    for (x, head) in COLUMNS.iter().zip(HEADS) {
        let _ = writeln!(svg, "<text class=\"q\" x=\"{x}\" y=\"{}\">{head}</text>", TOP - 14);
    }
    for (index, (app, figures)) in rows.iter().enumerate() {
        row(&mut svg, TOP + ROW * index, app, figures);
    }
    svg.push_str("</svg>\n");
    svg
}

fn row(svg: &mut String, y: usize, app: &str, figures: &Figures) {
    let _ = writeln!(
        svg,
        "<line class=\"l\" x1=\"20\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>\n<text class=\"n\" x=\"{}\" y=\"{}\">{}</text>",
        WIDTH - 20,
        COLUMNS[0],
        y + 28,
        escaped(app)
    );
    bars(svg, y, figures);
    let rate =
        figures.failure_rate().map_or("–".to_owned(), |rate| format!("{:.0} %", rate * 100.0));
    let cells = [
        (short(figures.lead.percentile(50)), figures.lead.len()),
        (rate, figures.releases),
        (short(figures.recovery.percentile(50)), figures.recovery.len()),
        (short(figures.ideas.to_code.percentile(50)), figures.ideas.to_code.len()),
    ];
    for (x, (value, n)) in COLUMNS[2..].iter().zip(cells) {
        let _ = writeln!(
            svg,
            "<text class=\"n\" x=\"{x}\" y=\"{}\">{value}</text><text class=\"q\" x=\"{x}\" y=\"{}\">n = {n}</text>",
            y + 28,
            y + 46
        );
    }
}

/// A bar for each week, by its deployment days, and the word for all of them.
fn bars(svg: &mut String, y: usize, figures: &Figures) {
    let weeks = &figures.frequency.weeks;
    let step = (BARS_WIDTH / weeks.len().max(1)).clamp(1, 18);
    let shown = weeks.len().min(BARS_WIDTH / step);
    for (index, days) in weeks[weeks.len() - shown..].iter().enumerate() {
        let height = (days * BAR_HEIGHT / DAYS).max(2);
        let class = if *days == 0 { "e" } else { "b" };
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>",
            COLUMNS[1] + index * step,
            y + 38 - height,
            (step - 1).max(1)
        );
    }
    let _ = writeln!(
        svg,
        "<text class=\"q\" x=\"{}\" y=\"{}\">{}, n = {}</text>",
        COLUMNS[1],
        y + 54,
        figures.frequency.bucket,
        figures.releases
    );
}

/// The same in words, for those who do not see it.
fn spoken(app: &str, figures: &Figures) -> String {
    let rate = figures
        .failure_rate()
        .map_or("no data".to_owned(), |rate| format!("{:.0} %", rate * 100.0));
    format!(
        "{app}: deployed {}, {} times; lead time {}; {rate} of deployments failed; recovery {}; idea to code {}.",
        figures.frequency.bucket,
        figures.releases,
        figures.lead.words(),
        figures.recovery.words(),
        figures.ideas.to_code.words()
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
