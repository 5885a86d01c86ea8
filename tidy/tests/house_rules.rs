//! The project keeps its house rules (ARCHITECTURE.md). What each asks, and how it looks when somebody breaks it, is
//! in `src/rules/`.

use std::sync::LazyLock;

use tidy::rules::{
    checks, documents, domain, functions, modules, owners, shape, surroundings, teams, walls,
};
use tidy::{Project, packages};

static PROJECT: LazyLock<Project> = LazyLock::new(Project::workspace);

/// Fails with all findings at once.
#[track_caller]
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n  {}\n", findings.join("\n  "));
}

macro_rules! kept {
    ($($name:ident: $rule:path;)*) => {$(
        #[test]
        fn $name() {
            none(&$rule(&PROJECT));
        }
    )*};
}

kept! {
    files_have_one_subject: shape::long_files;
    names_say_something: shape::vague_names;
    nothing_is_unfinished_or_switched_off: shape::unfinished;
    every_decision_is_in_the_index: documents::unlisted_decisions;
    every_dependency_has_a_reason: documents::unexplained_dependencies;
    links_between_our_documents_lead_somewhere: documents::dead_links;
    crates_for_strangers_do_not_know_who_we_are: walls::our_name_before_strangers;
    the_local_platform_knows_no_app: walls::apps_in_the_platform;
    warp_stays_inside_custom_handler: walls::warp_outside;
    cosmos_db_stays_inside_azure_data: walls::cosmos_db_outside;
    the_domain_knows_nothing_of_azure_http_or_the_clock: domain::strangers_in_the_domain;
    the_domain_knows_nothing_of_how_it_is_kept: domain::storage_in_the_domain;
    no_app_knows_where_it_runs: surroundings::apps_that_know_where_they_run;
    there_is_one_clock: surroundings::other_clocks;
    no_check_reads_rust_as_text: checks::checks_that_read_rust;
    every_app_says_what_it_is: owners::apps_without_app_json;
    no_name_has_two_owners: owners::names_of_two;
    names_say_whose_they_are: owners::names_of_nobody;
    what_is_used_has_an_owner: owners::used_and_owned_by_nobody;
    no_route_has_two_functions: owners::routes_of_two;
    every_event_type_has_one_schema: owners::event_types_without_one_schema;
    a_team_is_called_what_its_file_is: teams::teams_under_another_name;
    one_team_has_one_backlog_one_set_of_channels_and_one_group: teams::shared_by_teams;
    every_app_and_hub_has_a_team: teams::without_a_team;
    every_released_type_belongs_to_the_team_of_its_app: teams::types_of_strangers;
    every_function_is_a_folder_that_main_names: functions::functions_outside_of_the_list;
    nothing_uses_what_main_defines: modules::arrows_up;
    no_files_of_an_app_use_each_other_in_a_circle: modules::circles_of_files;
}

#[test]
fn every_team_says_what_the_schema_of_teams_asks_for() {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
    let schema = read(PROJECT.text("teams/team.schema.json").expect("teams have a schema"));
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    let teams = PROJECT.below("teams").filter(|file| file.path != "teams/team.schema.json");
    let mut count = 0;
    for team in teams.filter(|file| file.path.ends_with(".json")) {
        let says = read(&team.text);
        let wrong: Vec<String> = schema
            .iter_errors(&says)
            .map(|e| format!("{}: {}: {e}", team.path, e.instance_path()))
            .collect();
        none(&wrong);
        count += 1;
    }
    assert!(count > 0, "there are no teams");
}

#[test]
fn the_walls_hold() {
    none(&walls::broken_walls(&packages::workspace()));
}
