"""Whose everything in a plan is: the tag `team`, with the name of a file in teams/."""
import json


def named(apps, plan, repository):
    known = {path.name.removesuffix(".json") for path in (repository / "teams").glob("*.json") if "." not in path.stem}
    for resource in plan.resources:
        tags = resource["after"].get("tags")
        if isinstance(tags, dict) and tags.get("team") not in known:
            yield f"{resource['address']} belongs to {tags.get('team') or 'nobody'}, which is no file in teams/"
    for resource in plan.sites():
        app = (resource["after"].get("tags") or {}).get("app")
        if app in apps and resource["after"]["tags"].get("team") != team_of(repository, app):
            yield f"{resource['address']} has another team's name than functions/{app}/app.json"


def team_of(repository, app):
    return json.loads((repository / "functions" / app / "app.json").read_text()).get("team")
