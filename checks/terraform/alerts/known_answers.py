"""What the translation must say, by Microsoft's documentation of the language: one case for each thing that the rules use.

`known_answers.py` alone asks all; the pages are those below https://learn.microsoft.com/kusto/query/.
"""
import sys

import duckdb_kql

# (page, query, rows)
KNOWN = [
    ("has-operator", "print a = 'North America' has 'America', b = 'North America' has 'ericaa', c = 'metric:iommi.a.b' has 'iommi.a.b', d = 'x iommi.a.bc' has 'iommi.a.b', e = 'ALARM' has 'alarm'", [(True, False, True, False, True)]),
    ("has-any-operator", "datatable(s: string) ['a new york b', 'nothing'] | where s has_any ('york', 'hawaii')", [("a new york b",)]),
    ("extract-function", "print a = extract('x=([0-9.]+)', 1, 'hello x=45.6|wo'), b = extract('^(gift-cards|gift)-', 1, 'gift-cards-buy'), c = extract('^(gift-cards|gift)-', 1, 'giftware-buy')", [("45.6", "gift-cards", "")]),
    ("extract-function: a whole name", "print extract('^func-.+?-(gift-cards|gift|cards)-[0-9a-f]+$', 1, 'func-iommi-dev-cards-weu-gift-cards-0a1b2')", [("gift-cards",)]),
    ("parse-json-function: no JSON", "print a = isempty(tostring(parse_json('no alarm here').alarm)), b = isempty(tostring(parse_json('[1]').alarm)), c = tostring(parse_json('{\"alarm\":\"x\"}').alarm), d = isempty(tostring(parse_json('{\"alarm\":null}').alarm)), e = isempty(tostring(parse_json('').alarm))", [(True, True, "x", True, True)]),
    ("todouble-function", "print a = todouble(parse_json('{\"v\":1.5}')['v']), b = todouble(parse_json('{\"v\":\"7\"}')['v']), c = isnull(todouble(parse_json('{\"v\":\"x\"}')['v'])), d = isnull(todouble(parse_json('{}')['v']))", [(1.5, 7.0, True, True)]),
    ("toint-function", "print a = toint('503'), b = isnull(toint('')), c = isnull(toint('abc')), d = coalesce(toint(''), 0)", [(503, True, True, 0)]),
    ("scalar-data-types/null-values: equality", "print a = int(null) == 1, b = int(null) != 1, c = isnull(int(null) == int(null))", [(False, True, True)]),
    ("scalar-data-types/null-values: other operators", "print a = isnull(int(null) > 1), b = isnull(not(int(null) > 1))", [(True, True)]),
    ("scalar-data-types/null-values: where and sumif", "datatable(v: int, w: int) [int(null), 1, 5, 2] | summarize a = sumif(w, v > 3), b = sum(w)", [(2, 3)]),
    ("scalar-data-types/null-values: a row of which nothing is known is dropped", "datatable(v: int) [int(null), 5, 1] | where not(v > 3)", [(1,)]),
    ("summarize-operator: empty table, no key", "datatable(v: int) [] | summarize a = count(), b = sum(v), c = sumif(v, v > 1), d = countif(v > 1)", [(0, 0, 0, 0)]),
    ("summarize-operator: empty table, a key", "datatable(v: int) [] | summarize a = count() by v", []),
    ("summarize-operator: keys", "datatable(k: string, w: int, f: bool) ['a', 4, true, 'a', 4, false, 'b', 1, true] | summarize n = sum(w), m = sumif(w, f) by k | order by k asc", [("a", 8, 4), ("b", 1, 1)]),
    ("ago-function, and which end of a window is in it", "set query_now = datetime(2026-03-02 12:00); datatable(t: datetime) [datetime(2026-03-02 11:55), datetime(2026-03-02 11:55:00.001)] | where t > ago(5m) | count", [(1,)]),
    ("in-cs-operator", "datatable(s: string) ['a', 'A', 'b'] | where s in ('a', 'c')", [("a",)]),
    ("not-in-cs-operator", "datatable(s: string) ['a', 'A', 'b'] | where s !in ('a', 'c') | order by s asc", [("A",), ("b",)]),
    ("isnotempty-function", "print a = isnotempty(''), b = isnotempty('x'), c = isempty('')", [(False, True, True)]),
    ("union-operator", "union isfuzzy=true (datatable(a: int) [1] | project Done = a, Lines = 0), (datatable(b: int) [2] | project Done = 0, Lines = b) | summarize Done = sum(Done), Lines = sum(Lines)", [(1, 2)]),
    ("bin-function", "print bin(datetime(2026-03-02 12:34:56), 1h) == datetime(2026-03-02 12:00)", [(True,)]),
    ("iff-function", "print a = iff(true, 1, 2), b = iff(bool(null), 1, 2)", [(1, 2)]),
]

# What is no query, or what nobody has taught the translation, must be refused and never answered.
REFUSED = [
    "AppTraces | where Message matches 'x'",
    "print frobnicate(1)",
    "datatable(a: int) [1] | where b > 0",
    "datatable(a: int) [1] | evaluate something_unheard_of(a)",
]


def wrong():
    connection = duckdb_kql.connect()
    for page, query, rows in KNOWN:
        try:
            said = duckdb_kql.query(connection, query).fetchall()
        except Exception as error:  # whatever it is, it is no answer
            said = error
        if said != rows:
            yield f"{page}: {query}\n     says {said}, and not {rows}"
    for query in REFUSED:
        try:
            yield f"{query} is answered: {duckdb_kql.query(connection, query).fetchall()}"
        except Exception:
            pass


if __name__ == "__main__":
    found = list(wrong())
    print(*found, f"{len(KNOWN) + len(REFUSED)} questions, {len(found)} wrong", sep="\n")
    sys.exit(bool(found))
