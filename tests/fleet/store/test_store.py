"""The store: whole parts or none, the newest one counts, one writer, whatever names and storages there are."""
from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import typing
import uuid
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import pytest
from msgspec.structs import replace

import nopage
from nopage.fleet.store import (
    Folder,
    GroupRow,
    Packed,
    Row,
    StepRow,
    Store,
    StoreError,
    Writer,
    failed_row,
    groups_of,
    known_of,
    packed_result,
    row_of,
)
from nopage.fleet.store.schema import READABLE, VERSION

LOG = "Feb 14 18:26:56 stor1 kernel: swapper: page allocation failure. order:2, mode:0x4020\n"


@pytest.fixture(params=["local", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "store") if request.param == "local" else f"memory://{uuid.uuid4()}"


def host(source: str, order: int = 2) -> Packed:
    result = nopage.diagnose_text(LOG.replace("order:2", f"order:{order}"))
    row = replace(row_of(result, source, "text"), size_bytes=9, mtime_ns=5)
    return Packed(row=row, groups=tuple(groups_of(result, row)), result=packed_result(result))


def write(url: str, *parts: list[Packed]) -> None:
    writer = Writer(Folder(url))
    for part in parts:
        for one in part:
            writer.add([one])
        writer.flush()
    writer.close()


def all_of(store: Store, sql: str) -> list[tuple[object, ...]]:
    return list(store.ask(sql).rows)


def test_what_was_written_is_read(url: str) -> None:
    write(url, [host("a"), host("b", 3)], [host("c")])
    store = Store.open(url)
    assert all_of(store, 'SELECT source, "order", gfp_mask, part FROM rows ORDER BY ALL') == [
        ("a", 2, "0x4020", 1), ("b", 3, "0x4020", 1), ("c", 2, "0x4020", 2),
    ]
    assert all_of(store, "SELECT source, count FROM groups ORDER BY ALL") == [("a", 1), ("b", 1), ("c", 1)]
    assert store.rows().columns == list(msgspec.structs.replace(host("a").row).__struct_fields__)
    found = store.result("b")
    assert found is not None
    assert found.failures[0].order == 3
    assert store.result("nobody") is None
    assert [source for source, _ in store.results()] == ["a", "b", "c"]


def test_an_empty_store_can_be_asked(url: str) -> None:
    write(url)
    store = Store.open(url)
    assert all_of(store, "SELECT count(*) FROM rows") == [(0,)]
    assert all_of(store, "SELECT count(*) FROM groups") == [(0,)]


def test_the_newest_part_of_a_source_counts(url: str) -> None:
    write(url, [host("a"), host("b")], [Packed(row=failed_row("a", "is empty"))])
    store = Store.open(url)
    assert all_of(store, "SELECT source, error FROM rows ORDER BY ALL") == [("a", "is empty"), ("b", "")]
    assert all_of(store, "SELECT source FROM groups") == [("b",)]
    assert [source for source, _ in store.results()] == ["b"]
    assert {name: known.failed for name, known in store.known().items()} == {"a": True, "b": False}


def test_hosts_of_one_source_stand_together(url: str) -> None:
    first = host("pile.tar")
    writer = Writer(Folder(url))
    writer.add([first, Packed(row=replace(first.row, member="b.tar", error="is damaged"))])
    writer.flush()
    writer.close()
    assert known_of(Folder(url))["pile.tar"].failed
    assert all_of(Store.open(url), "SELECT member FROM rows ORDER BY ALL") == [("",), ("b.tar",)]


@pytest.mark.parametrize(
    "name", ["with\nnewline", "with'quote\"", "emoji \U0001f4a9", "half \udcff", "nul \0", "a,b;c", "", "%s{}"]
)
def test_any_name_is_kept(tmp_path: Path, name: str) -> None:
    write(str(tmp_path / "s"), [host(name)])
    store = Store.open(str(tmp_path / "s"))
    (kept,) = store.known()
    assert kept == name.encode("utf-8", "backslashreplace").decode()
    assert store.result(kept) is not None


def test_files_of_a_killed_writer_are_passed_over_and_swept(tmp_path: Path) -> None:
    """Each moment between two of a part's files: it is read without it, and the next writer cleans up."""
    url = str(tmp_path / "s")
    for after in itertools.count():
        folder = Folder(url)
        writer = Writer(folder)
        known = known_of(folder)
        for name in ("a", "b"):
            if name not in known:
                writer.add([host(name)])
        put, left = folder.put, iter(range(after))

        def dying(name: str, data: bytes, put: object = put, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise StoreError("killed")
            put(name, data)  # type: ignore[operator]

        folder.put = dying  # type: ignore[method-assign]
        try:
            writer.flush()
        except StoreError:
            assert all_of(Store.open(url), "SELECT source FROM rows") == []
            assert all_of(Store.open(url), "SELECT source FROM groups") == []
            writer.close()
            continue
        writer.close()
        break
    assert after == 3
    assert all_of(Store.open(url), "SELECT source FROM rows ORDER BY ALL") == [("a",), ("b",)]
    files = [path.name for path in (tmp_path / "s").rglob("*") if path.is_file()]
    assert len(files) == len(set(files)) + 1  # of one part: rows and groups bear one name


def test_half_written_files_are_swept(tmp_path: Path) -> None:
    url = str(tmp_path / "s")
    write(url, [host("a")])
    (tmp_path / "s" / "rows" / ".writing-part-00000002.parquet").write_bytes(b"PAR1")
    (tmp_path / "s" / "groups" / "part-00000007.parquet").write_bytes(b"PAR1")
    assert all_of(Store.open(url), "SELECT count(*) FROM groups") == [(1,)]
    write(url, [host("b")])
    assert sorted(os.listdir(tmp_path / "s" / "rows")) == ["part-00000001.parquet", "part-00000002.parquet"]
    assert sorted(os.listdir(tmp_path / "s" / "groups")) == ["part-00000001.parquet", "part-00000002.parquet"]


def test_one_writer_at_a_time(url: str) -> None:
    writer = Writer(Folder(url))
    with pytest.raises(StoreError, match=rf"process {os.getpid()} on .+ writes to it"):
        Writer(Folder(url))
    writer.close()
    Writer(Folder(url)).close()


def test_another_process_is_refused_and_its_death_frees_the_store(tmp_path: Path) -> None:
    url = str(tmp_path / "s")
    code = "import sys, time; from nopage.fleet.store import *; w = Writer(Folder(sys.argv[1])); print(1, flush=True)"
    holder = subprocess.Popen([sys.executable, "-c", f"{code}; time.sleep(60)", url], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        with pytest.raises(StoreError, match=f"process {holder.pid} on"):
            Writer(Folder(url))
    finally:
        holder.kill()
        holder.wait()
    Writer(Folder(url)).close()


@pytest.mark.parametrize(
    ("left", "taken"),
    [
        ('{"host": "elsewhere", "pid": 1, "time": 1}', True),
        ('{"host": "elsewhere", "pid": 1, "time": 99999999999}', False),
        ("not json", True),
    ],
)
def test_a_lock_on_a_storage_grows_old(left: str, taken: bool) -> None:
    folder = Folder(f"memory://{uuid.uuid4()}")
    folder.put("nopage-fleet.lock", left.encode())
    if taken:
        Writer(folder).close()
    else:
        with pytest.raises(StoreError, match="process 1 on elsewhere"):
            Writer(folder)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("thesis.txt", "", r"holds other files \(thesis.txt\)"),
        ("nopage-fleet.json", '{"schema": "nopage-fleet/9"}', "was made as nopage-fleet/9"),
        ("nopage-fleet.json", "{", "is damaged"),
    ],
)
def test_a_folder_that_is_no_such_store_is_left_alone(tmp_path: Path, file: str, text: str, said: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=said):
        Writer(Folder(str(tmp_path)))
    assert (tmp_path / file).read_text(encoding="utf-8") == text


def test_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no scan"):
        Store.open(str(tmp_path))


def test_a_damaged_part_is_told(tmp_path: Path) -> None:
    url = str(tmp_path / "s")
    write(url, [host("a")])
    (tmp_path / "s" / "rows" / "part-00000001.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(StoreError, match="a part is damaged"):
        Store.open(url).rows()


@pytest.mark.parametrize(
    "sql", ["DROP VIEW rows", "INSERT INTO all_rows SELECT * FROM all_rows", "SELECT 1; SELECT 2", ""]
)
def test_only_questions_are_answered(tmp_path: Path, sql: str) -> None:
    write(str(tmp_path / "s"), [host("a")])
    with pytest.raises(StoreError, match=r"only read|one question"):
        Store.open(str(tmp_path / "s")).ask(sql)


@pytest.mark.parametrize("sql", ["SELECT * FROM read_text('/etc/hostname')", "SET enable_external_access = true"])
def test_nothing_outside_the_store_is_reached(tmp_path: Path, sql: str) -> None:
    write(str(tmp_path / "s"), [host("a")])
    with pytest.raises((StoreError, duckdb.Error)):
        Store.open(str(tmp_path / "s")).ask(sql)


@pytest.mark.parametrize("kind", [Row, GroupRow, StepRow])
def test_every_column_says_what_it_is(kind: type[msgspec.Struct]) -> None:
    for hint in typing.get_type_hints(kind, include_extras=True).values():
        assert typing.get_args(hint)[1].description


def older(url: str) -> None:
    """A store as the version before wrote it: without the newer columns, and without steps."""
    import pyarrow.parquet as pq

    write(url, [host("a")])
    folder = Path(url)
    shutil.rmtree(folder / "steps")
    path = folder / "rows/part-00000001.parquet"
    table = pq.read_table(path)
    kept = [name for name in table.column_names if name not in ("nics", "mtu", "warning", "collected_at", "drops")]
    pq.write_table(table.select(kept), path)
    mark = folder / "nopage-fleet.json"
    mark.write_text(mark.read_text(encoding="utf-8").replace(VERSION, READABLE[0]), encoding="utf-8")


def test_an_older_store_is_read_and_brought_up_to_date(tmp_path: Path) -> None:
    url = str(tmp_path / "s")
    older(url)
    store = Store.open(url)
    assert all_of(store, "SELECT source, nics, mtu FROM rows") == [("a", None, None)]
    assert all_of(store, "SELECT count(*) FROM steps") == [(0,)]
    assert known_of(Folder(url))["a"].failed is False
    write(url, [host("b")])
    store = Store.open(url)
    assert store.mark is not None
    assert store.mark["schema"] == VERSION
    assert all_of(store, "SELECT source FROM rows ORDER BY ALL") == [("a",), ("b",)]
