"""Reads a store: what was scanned, questions in SQL, whole results. A scan may go on writing to it meanwhile."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from nopage.fleet.store.folder import Folder, StoreError
from nopage.fleet.store.parts import file_of, mark_of, numbers
from nopage.fleet.store.rows import GroupRow, Row, StepRow
from nopage.fleet.store.schema import schema_of
from nopage.result import Result, load

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

NEWEST = "newest AS (SELECT source, max(part) AS part FROM {}all_rows GROUP BY source)"
TABLES: dict[str, type] = {"rows": Row, "groups": GroupRow, "steps": StepRow}
QUESTIONS = {"SELECT", "EXPLAIN", "RELATION"}
AT_ONCE = 10_000
LARGEST_RESULT = 256 << 20


class Known(NamedTuple):
    """What the store holds of a source: which version of it, and whether that failed."""

    size_bytes: int | None
    mtime_ns: int | None
    etag: str
    failed: bool


class Answer(NamedTuple):
    """The rows that answer a question, read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


class Store:
    """A store as it was when it was opened."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.mark = mark_of(folder)
        if self.mark is None:
            raise StoreError(f"{folder.url}: holds no scan; `nopage fleet scan SOURCE... --out {folder.url}` makes one")
        self.parts = tuple(numbers(folder, "rows"))
        self._connection: duckdb.DuckDBPyConnection | None = None

    @classmethod
    def open(cls, url: str, options: Mapping[str, Any] | None = None) -> Store:
        """The store at a path or URL. Raises StoreError where there is none."""
        return cls(Folder(url, options))

    def rows(self) -> duckdb.DuckDBPyRelation:
        """A row a host, of every source its newest scan."""
        return self.query("SELECT * FROM rows")

    def groups(self) -> duckdb.DuckDBPyRelation:
        """A row a failure group."""
        return self.query("SELECT * FROM groups")

    def query(self, sql: str, parameters: object = None) -> duckdb.DuckDBPyRelation:
        """One question over the tables `rows`, `groups` and `steps`; nothing outside them can be reached.

        Raises duckdb.Error, or StoreError for what is no question.
        """
        self._must_be_question(sql)
        return self.connection().sql(sql, params=parameters)

    def ask(self, sql: str, parameters: object = None) -> Answer:
        """The same, row by row."""
        self._must_be_question(sql)
        cursor = self.connection().cursor()
        cursor.execute(sql, parameters)
        return Answer(tuple(str(column[0]) for column in cursor.description or ()), _rows(cursor))

    def _must_be_question(self, sql: str) -> None:
        kinds = [statement.type.name for statement in self.connection().extract_statements(sql)]
        if len(kinds) != 1:
            raise StoreError(f"one question at a time, not {len(kinds)}")
        if kinds[0] not in QUESTIONS:
            raise StoreError(f"a store is only read: SELECT, DESCRIBE or EXPLAIN, not {kinds[0]}")

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB in memory that sees the three tables and nothing else."""
        if self._connection is None:
            self._connection = _database({"": self}, copied=True)
        return self._connection

    def put_into(self, made: duckdb.DuckDBPyConnection, prefix: str = "", *, copied: bool = True) -> None:
        """Make its tables in a database: each with `all_` before its name, and of it the newest rows of each source.

        Not `copied` they are read from Arrow each time: less work for who asks once.
        """
        view = "VIEW" if copied else "TEMP VIEW"
        for name, kind in TABLES.items():
            made.register(f"arrow_{prefix}{name}", self._table(name, kind))
            made.execute(f"CREATE {'TABLE' if copied else view} {prefix}all_{name} AS "
                         f"SELECT * FROM arrow_{prefix}{name}")
            if copied:
                made.unregister(f"arrow_{prefix}{name}")
            made.execute(f"CREATE {view} {prefix}{name} AS WITH {NEWEST.format(prefix)} "
                         f"SELECT one.* FROM {prefix}all_{name} AS one SEMI JOIN newest USING (source, part)")

    def known(self) -> dict[str, Known]:
        """Every source that the store holds."""
        import pyarrow.compute as pc

        table = self._table("rows", Row, ["source", "size_bytes", "mtime_ns", "etag", "error", "part"])
        found: dict[str, Known] = {}
        newest: dict[str, int] = {}
        failed = pc.not_equal(table["error"], "")
        columns = [table[name].to_pylist() for name in ("source", "size_bytes", "mtime_ns", "etag", "part")]
        for source, size, mtime, etag, part, bad in zip(*columns, failed.to_pylist(), strict=True):
            before = newest.get(source, -1)
            if part < before:
                continue
            newest[source] = part
            same_scan = part == before
            found[source] = Known(size, mtime, etag, bad or (same_scan and found[source].failed))
        return found

    def result(self, source: str, member: str = "") -> Result | None:
        """The whole result of a host; None where the store keeps none of it."""
        found = self.ask(
            "SELECT result_part, result_offset, result_bytes FROM rows"
            " WHERE source = ? AND member = ? AND result_part IS NOT NULL",
            [source, member],
        )
        return next((self.result_at(*place) for place in found.rows), None)

    def result_at(self, part: int, offset: int, size: int) -> Result:
        """The whole result that a row points at. Raises StoreError where it is not there."""
        import zstandard

        try:
            frame = self.folder.get(file_of("results", part), offset, offset + size)
            return load(zstandard.ZstdDecompressor().decompress(frame, max_output_size=LARGEST_RESULT))
        except (OSError, ValueError, zstandard.ZstdError) as error:
            raise StoreError(f"{self.folder.url}: {file_of('results', part)} is damaged: {error}") from error

    def results_of(self, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Result]]:
        """The whole results of some hosts by source and member, in this order; those that it keeps none of left out."""
        import pyarrow.compute as pc

        names = ["source", "member", "part", "result_part", "result_offset", "result_bytes"]
        table = self._table("rows", Row, names)
        table = table.filter(pc.is_in(table["source"], value_set=_texts(source for source, _ in wanted)))
        places: dict[tuple[str, str], tuple[int, int | None, int, int]] = {}
        for source, member, *place in zip(*(table[name].to_pylist() for name in names), strict=True):
            places[source, member] = max(places.get((source, member), (0, None, 0, 0)), tuple(place), key=_part)
        for where in wanted:
            _, part, offset, size = places.get(where, (0, None, 0, 0))
            if part is not None:
                yield where, self.result_at(part, offset, size)

    def results(self) -> Iterator[tuple[str, Result]]:
        """Every whole result with its source, part by part."""
        found = self.ask(
            "SELECT source, result_part, result_offset, result_bytes FROM rows"
            " WHERE result_part IS NOT NULL ORDER BY result_part, result_line"
        )
        for source, *place in found.rows:
            yield source, self.result_at(*place)

    def _table(self, kind: str, row: Any, columns: list[str] | None = None) -> pa.Table:
        """The parts as one table; one whose rows are not there does not count, a column that it lacks is null."""
        import pyarrow.dataset as ds

        here = self.parts if kind == "rows" else tuple(sorted({*self.parts} & {*numbers(self.folder, kind)}))
        schema = schema_of(row)
        if not here:
            return schema.empty_table().select(columns or schema.names)
        paths = [self.folder.path(file_of(kind, number)) for number in here]
        try:
            dataset = ds.dataset(paths, schema=schema, filesystem=self.folder.fs, format="parquet")
            return dataset.to_table(columns=columns)
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder.url}: a part is damaged: {' '.join(str(error).split())[:200]}") from error


def _part(place: Sequence[Any]) -> int:
    return int(place[0])


def _texts(texts: Iterable[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(list(texts), pa.string())


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(AT_ONCE):
        yield from rows


def _database(stores: Mapping[str, Store], *, copied: bool) -> duckdb.DuckDBPyConnection:
    import duckdb

    made = duckdb.connect(":memory:")
    for prefix, store in stores.items():
        store.put_into(made, prefix, copied=copied)
    made.execute("SET enable_external_access = false")
    made.execute("SET lock_configuration = true")
    return made


@contextmanager
def scratch(stores: Mapping[str, Store]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of one's own with the tables of some stores, to make others beside them; by prefix of their names."""
    made = _database(stores, copied=False)
    try:
        yield made
    finally:
        made.close()


def known_of(folder: Folder) -> dict[str, Known]:
    """What a scan into this folder need not do again; nothing where there is no store yet."""
    return Store(folder).known() if mark_of(folder) is not None else {}
