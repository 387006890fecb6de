"""Rows to Arrow tables: the columns derived from the types' fields."""
from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa

VERSION = "nopage-fleet/2"
READABLE = ("nopage-fleet/1", VERSION)  # an older one lacks columns and tables: they are null and empty
PLAIN: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    tuple[str, ...]: pa.list_(pa.string()),
}


@cache
def schema_of(kind: Any) -> pa.Schema:
    """The columns of a type of rows; `| None` is a column that may hold null."""
    hints = typing.get_type_hints(kind)
    return pa.schema(
        [_column(field.name, hints[field.name]) for field in msgspec.structs.fields(kind)],
        metadata={"schema": VERSION},
    )


def _column(name: str, hint: Any) -> pa.Field:
    nullable = isinstance(hint, types.UnionType)
    plain = next(one for one in typing.get_args(hint) if one is not types.NoneType) if nullable else hint
    return pa.field(name, PLAIN[plain], nullable=nullable)


def table_of(rows: Sequence[msgspec.Struct], kind: type[msgspec.Struct]) -> pa.Table:
    """Rows as a table. Half a surrogate pair, which no UTF-8 holds, is written as its code."""
    plain = [msgspec.structs.asdict(row) for row in rows]
    schema = schema_of(kind)
    try:
        return pa.Table.from_pylist(plain, schema=schema)
    except UnicodeEncodeError:
        whole = [{name: _whole(value) for name, value in row.items()} for row in plain]
        return pa.Table.from_pylist(whole, schema=schema)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return tuple(map(_whole, value)) if isinstance(value, tuple) else value
