"""A Log Analytics workspace in memory: tables, rows, and queries in the language of the real one.

Queries are translated by duckdb-kql, which refuses whatever it does not know, and run by DuckDB. Its answers to what Microsoft's
documentation says are in known_answers.py.
"""
import dataclasses
import datetime
import json
import pathlib

import duckdb_kql

TABLES = json.loads((pathlib.Path(__file__).parent / "tables.json").read_text())
TYPES = {"datetime": "TIMESTAMP", "string": "VARCHAR", "bool": "BOOLEAN", "int": "INTEGER", "long": "BIGINT", "real": "DOUBLE", "dynamic": "JSON"}
NOW = datetime.datetime(2026, 3, 2, 12, 0, 0)


@dataclasses.dataclass(frozen=True)
class Rows:
    """`count` equal rows, spread evenly from `since` to `until` minutes ago."""
    table: str
    count: int
    columns: dict
    since: float
    until: float = 0

    def sampled(self):
        """The same as a host sends it that keeps each fourth: a row says how many it stands for. The gateway's log is whole."""
        if "ItemCount" not in TABLES[self.table]:
            return self
        assert self.count % 4 == 0, f"{self.count} rows cannot be sampled evenly"
        return dataclasses.replace(self, count=self.count // 4, columns={**self.columns, "ItemCount": 4})

    def of(self, **columns):
        return dataclasses.replace(self, columns={**self.columns, **columns})


class Workspace:
    def __init__(self):
        self.connection = duckdb_kql.connect()
        # Thousands of small questions: more threads only wait for each other.
        self.connection.execute("SET threads = 1")
        self.translated = {}
        for table, columns in TABLES.items():
            self.connection.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {TYPES[kind]}' for name, kind in columns.items())})")
        self.filled = set()

    def fill(self, rows):
        """These rows, and no others."""
        for table in self.filled:
            self.connection.execute(f"TRUNCATE {table}")
        self.filled = {group.table for group in rows if group.count}
        for table in self.filled:
            groups = [group for group in rows if group.table == table and group.count]
            names = sorted({name for group in groups for name in group.columns})
            unknown = set(names) - set(TABLES[table])
            assert not unknown, f"{table} has no {', '.join(sorted(unknown))}"
            columns = ", ".join(f"{name}::{TYPES[TABLES[table][name]]}" for name in names)
            places = ", ".join(["?"] * (3 + len(names)))
            self.connection.execute(
                f"INSERT INTO {table} (TimeGenerated, {', '.join(names)}) "
                f"SELECT ?::TIMESTAMP - to_microseconds(CAST((until + (since - until) * (i + 0.5) / count) * 60000000 AS BIGINT)), {columns} "
                f"FROM (SELECT *, unnest(range(count::BIGINT)) AS i FROM (VALUES {', '.join([f'({places})'] * len(groups))}) AS groups(count, since, until, {', '.join(names)}))",
                [NOW, *(value for group in groups for value in (group.count, float(group.since), float(group.until), *(group.columns.get(name) for name in names)))],
            )

    def rows(self, query):
        if query not in self.translated:
            self.translated[query] = duckdb_kql.to_sql(query, schema={table: list(columns) for table, columns in TABLES.items()}, query_now=NOW)
        sql = self.translated[query]
        return self.connection.execute(sql, sql.parameters).fetchall()

    def fires(self, query):
        """As the rules are: they count rows, and one is enough."""
        return bool(self.rows(query))
