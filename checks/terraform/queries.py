"""Which fields the queries of an app ask for.

No app can say that of itself: a query is text that is put together when it is asked. So its text is read where it
stands, in src/store: what follows WHERE, ORDER BY or JOIN, and the container that the same file names.
"""
import re

QUERY = re.compile(r"SELECT.*?(?<!\\)\"", re.S)
FIELD = re.compile(r"\bc((?:\.[a-zA-Z]\w*)+)")
OWN = re.compile(r"\.container\(\s*\"([a-z0-9-]+)\"")
FOREIGN = re.compile(r"\.reader\(\s*\"([a-z0-9-]+)\",\s*\"([a-z0-9-]+)\"")


def of_app(repository, app, containers):
    """(file, containers that it may mean, fields in conditions) for each file with queries; `containers` is what the app uses."""
    source = repository / "functions" / app / "src"
    for path in sorted(source.rglob("store/**/*.rs")):
        code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.M)
        found = set()
        for text in QUERY.findall(code):
            conditions = re.split(r"\bWHERE\b|\bORDER BY\b|\bJOIN\b", text, maxsplit=1)
            if len(conditions) > 1:
                found |= {field[1:].replace(".", "/") for field in FIELD.findall(conditions[1])}
        if found:
            named = {f"{app}/{name}" for name in OWN.findall(code)} | {"/".join(names) for names in FOREIGN.findall(code)}
            yield path.relative_to(source), named or containers, found
