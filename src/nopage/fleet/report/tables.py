"""The tables that a report asks: the hosts that count, and their steps with the change that each is part of."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nopage.result import Severity

if TYPE_CHECKING:
    import duckdb

MOST_LISTED = 100
SEVERITIES = tuple(one.value for one in Severity)
MOST_TEXT = 200  # characters of what an archive names: a report is bounded whatever that is
OF_A_HOST = ("kernel", "rhel", "driver", "path", "cause", "gfp_mask", "top_finding", "fingerprint", "warning")
OF_A_STEP = ("action", "setting", "value", "shared", "driver", "command")
SINCE = "2001"  # what is older was written by a clock that was not set
NONE_NEEDED = "none_needed"

# The same clock for all: the first 19 characters are the time, an offset may follow.
COLLECTED = "coalesce(substr(collected_at, 1, 19), substr(last_time, 1, 19), '')"
NEWEST = f"""
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(nullif(host, ''), 'source ' || source || ' ' || member)
        ORDER BY {COLLECTED} DESC, coalesce(mtime_ns, 0) DESC, source DESC, member DESC
    ) = 1"""
HOSTS = """
    CREATE TABLE {prefix}hosts AS
    SELECT * REPLACE ({cut}), nullif(left(host, {most}), '') AS name,
        coalesce(nullif(left(host, {most}), ''), left(source, {most})) AS shown,
        reports > 0 OR silent AS affected,
        coalesce(list_position({severities}, severity), len({severities})) AS rank,
        CASE WHEN first_time >= '{since}' THEN try_cast(substr(first_time, 1, 19) AS TIMESTAMP) END AS first_at,
        CASE WHEN last_time >= '{since}' THEN try_cast(substr(last_time, 1, 19) AS TIMESTAMP) END AS last_at
    FROM {prefix}rows WHERE error = '' {newest}"""
STEPS = """
    CREATE TEMP VIEW short_steps AS SELECT * REPLACE ({cut}) FROM steps"""
# The range of a host's own values, and the value that all share where there is but one.
CHANGES = """
    CREATE TABLE changes AS
    SELECT row_number() OVER (ORDER BY hosts DESC, soon DESC, action, setting, value, driver, mtu) AS number, *
    FROM (
        SELECT action, setting, shared AS value, step.driver AS driver, step.mtu AS mtu,
            min(try_cast(step.value AS BIGINT)) AS lowest, max(try_cast(step.value AS BIGINT)) AS highest,
            count(*) AS hosts, count(*) FILTER (rank <= 2) AS soon,
            count(*) FILTER (due = 'if_it_comes_back') AS later, count(*) FILTER (verdict = 'passes') AS passes,
            CASE WHEN count(DISTINCT command) = 1 THEN any_value(command) END AS command,
            list_slice(list(shown ORDER BY rank, host.reports DESC, shown), 1, 5) AS names
        FROM short_steps AS step JOIN hosts AS host USING (source, member)
        WHERE action <> ? GROUP BY ALL
    )"""
OF_HOSTS = """
    CREATE TABLE changes_of AS
    SELECT source, member, list(DISTINCT change.number ORDER BY change.number) AS changes
    FROM short_steps AS step JOIN hosts USING (source, member) JOIN changes AS change
        ON change.action = step.action AND change.setting IS NOT DISTINCT FROM step.setting
        AND change.value IS NOT DISTINCT FROM step.shared AND change.driver IS NOT DISTINCT FROM step.driver
        AND change.mtu IS NOT DISTINCT FROM step.mtu
    WHERE change.number <= ? GROUP BY ALL"""


def cut(columns: Sequence[str]) -> str:
    """The columns bounded, for REPLACE."""
    return ", ".join(f"left({name}, {MOST_TEXT}) AS {name}" for name in columns)


def make_hosts(base: duckdb.DuckDBPyConnection, *, newest: bool, prefix: str = "") -> None:
    """The hosts that count: all that were read, or of each name the newest."""
    severities = "[" + ", ".join(f"'{one}'" for one in SEVERITIES) + "]"
    base.execute(HOSTS.format(
        prefix=prefix, cut=cut(OF_A_HOST), most=MOST_TEXT, severities=severities, since=SINCE,
        newest=NEWEST if newest else "",
    ))


def make_changes(base: duckdb.DuckDBPyConnection) -> None:
    """The steps that many plans share, numbered; and which of them each host's plan holds."""
    base.execute(STEPS.format(cut=cut(OF_A_STEP)))
    base.execute(CHANGES, [NONE_NEEDED])
    base.execute(OF_HOSTS, [MOST_LISTED])


def rows_of(base: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> list[dict[str, Any]]:
    """An answer as dicts by the names of its columns."""
    found = base.execute(sql, parameters)
    names = [str(column[0]) for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
