//! `events/catalogue`: which events there are, and who sends what to whom. Without a script.

use crate::app::App;
use crate::catalogue::{Catalogue, Hub, KnownType, Team};
use crate::functions::event_type;
use crate::graph::{Graph, graph};
use crate::page;
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Content<'a> {
    parts: [Part<'a>; 2],
    hubs: &'a [Hub],
    teams: &'a [Team],
}

/// Types that go one way, as a picture and as a table.
struct Part<'a> {
    /// What the picture is called in the page.
    id: &'static str,
    title: &'static str,
    graph: Graph,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    name: &'a str,
    known: &'a KnownType,
    url: String,
    producers: String,
    consumers: String,
    versions: usize,
}

/// GET: the page.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::show(&request, "Events", async |_| Ok(content(&app.catalogue))).await
}

fn content(catalogue: &Catalogue) -> Content<'_> {
    let part = |id, title, on_hubs| {
        let types = catalogue.types.iter().filter(|it| it.hub.is_some() == on_hubs);
        Part { id, title, graph: graph(catalogue, on_hubs), rows: types.map(row).collect() }
    };
    Content {
        parts: [part("hubs", "On event hubs", true), part("queues", "Through queues", false)],
        hubs: &catalogue.hubs,
        teams: &catalogue.teams,
    }
}

fn row(known: &KnownType) -> Row<'_> {
    let consumers: Vec<&str> = known.consumers.iter().map(|one| one.app.as_str()).collect();
    Row {
        name: &known.r#type,
        known,
        url: event_type::url(&known.r#type),
        producers: known.producers.join(", "),
        consumers: consumers.join(", "),
        versions: known.versions.len(),
    }
}
