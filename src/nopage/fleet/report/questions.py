"""What a report asks of its tables, one question a part of it: the columns are the fields of the part's type."""
from __future__ import annotations

from collections.abc import Mapping

from nopage.fleet.report.tables import MOST_LISTED, MOST_TEXT

TOTALS = """
    SELECT (SELECT count(DISTINCT source) FROM {p}rows) AS sources,
        (SELECT count(*) FROM {p}rows WHERE error <> '') AS unreadable,
        count(*) AS hosts, count(DISTINCT name) + count(*) FILTER (name IS NULL) AS names,
        count(*) FILTER (NOT complete) AS partly, count(*) FILTER (affected) AS affected,
        count(*) FILTER (reports > 0) AS failing, count(*) FILTER (silent) AS silent,
        count(*) FILTER (at_risk) AS at_risk, count(*) FILTER (affected AND drops = 'shown') AS dropping,
        count(*) FILTER (len(findings) > 0) AS with_findings,
        coalesce(sum(reports), 0)::BIGINT AS reports, coalesce(sum(suppressed), 0)::BIGINT AS suppressed,
        strftime(min(first_at), '%Y-%m-%dT%H:%M:%S') AS first_time,
        strftime(max(last_at), '%Y-%m-%dT%H:%M:%S') AS last_time,
        (SELECT min(scanned_at) FROM {p}rows WHERE scanned_at <> '') AS scanned_from,
        (SELECT max(scanned_at) FROM {p}rows WHERE scanned_at <> '') AS scanned_to
    FROM {p}hosts"""

COUNTED = "count(*) FILTER (affected) AS affected, coalesce(sum(reports), 0)::BIGINT AS reports"
FIRST = f"ORDER BY affected DESC, hosts DESC NULLS LAST, value LIMIT {MOST_LISTED}"


def of_affected(column: str) -> str:
    """Affected hosts by a column that healthy ones have not."""
    return f"SELECT {column} AS value, NULL AS hosts, {COUNTED} FROM hosts WHERE affected GROUP BY ALL {FIRST}"


def of_all(column: str) -> str:
    """Affected hosts of all that have a value."""
    return f"SELECT {column} AS value, count(*) AS hosts, {COUNTED} FROM hosts GROUP BY ALL {FIRST}"


SHARES: Mapping[str, str] = {
    "severities": of_all("severity"),
    "findings": "SELECT value, count(*) AS affected, NULL AS hosts, coalesce(sum(reports), 0)::BIGINT AS reports "
    f"FROM (SELECT unnest(findings) AS value, reports FROM hosts) GROUP BY ALL {FIRST}",
    "causes": of_affected("cause"),
    "paths": of_affected("path"),
    "drivers": of_affected("driver"),
    "nics": "SELECT value, count(*) AS hosts, count(*) FILTER (asked) AS affected, "
    "coalesce(sum(reports) FILTER (asked), 0)::BIGINT AS reports FROM (SELECT unnest(nics) AS value, reports, "
    "affected AND driver IS NOT NULL AND starts_with(value, driver || ':') AS asked FROM hosts) "
    f"GROUP BY ALL {FIRST}",
    "kernels": of_all("kernel"),
    "rhels": of_all("rhel"),
}
REQUESTS = f"""
    SELECT one."order" AS "order", gfp_mask, left(min(gfp_name), {MOST_TEXT}) AS gfp_name, bool_or(atomic) AS atomic,
        count(DISTINCT (source, member)) AS hosts, sum(count)::BIGINT AS reports
    FROM (SELECT source, member, "order", gfp_mask, gfp_name, atomic, count FROM groups) AS one
        SEMI JOIN hosts USING (source, member)
    GROUP BY one."order", gfp_mask ORDER BY hosts DESC, reports DESC, 1, 2 LIMIT {MOST_LISTED}"""
RESERVES = """
    SELECT memory_gb, reserve_mb, count(*) FILTER (affected) AS affected, count(*) AS hosts
    FROM (SELECT affected, greatest(1, pow(2, ceil(log2(total_kb / 1048576))))::BIGINT AS memory_gb,
            greatest(1, pow(2, ceil(log2(greatest(min_free_kbytes, 1) / 1024))))::BIGINT AS reserve_mb
        FROM hosts WHERE total_kb > 0 AND total_kb < pow(2, 50) AND min_free_kbytes >= 0
            AND min_free_kbytes < pow(2, 50))
    GROUP BY ALL ORDER BY ALL"""
SPAN = "SELECT quantile_disc(first_at, 0.05) AS first, max(last_at) AS last FROM hosts WHERE affected"
PERIODS = """
    WITH seen AS (
        SELECT date_trunc(?, first_at) AS begin, 1 AS first_seen, 0 AS last_seen FROM hosts WHERE affected
        UNION ALL SELECT date_trunc(?, last_at), 0, 1 FROM hosts WHERE affected)
    SELECT strftime(begin, '%Y-%m-%dT%H:%M:%S') AS begin, sum(first_seen)::BIGINT AS first_seen,
        sum(last_seen)::BIGINT AS last_seen
    FROM seen WHERE begin IS NOT NULL GROUP BY seen.begin ORDER BY seen.begin"""
PROBLEMS = f"""
    SELECT fingerprint, min(top_finding) AS key, min(cause) AS cause, min(driver) AS driver, min(path) AS path,
        count(*) AS hosts, coalesce(sum(reports), 0)::BIGINT AS reports,
        strftime(min(first_at), '%Y-%m-%dT%H:%M:%S') AS first_time,
        strftime(max(last_at), '%Y-%m-%dT%H:%M:%S') AS last_time,
        list_slice(list(shown ORDER BY rank, reports DESC, shown), 1, 5) AS names
    FROM hosts WHERE fingerprint IS NOT NULL
    GROUP BY fingerprint ORDER BY hosts DESC, reports DESC, fingerprint LIMIT {MOST_LISTED}"""
CHANGES = f"""
    SELECT change.*, coalesce(rhels, []) AS rhels FROM changes AS change LEFT JOIN (
        SELECT number, list_slice(list(rhel ORDER BY many DESC, rhel), 1, 6) AS rhels FROM (
            SELECT number, rhel, count(*) AS many FROM (
                SELECT unnest(changes) AS number, rhel FROM changes_of JOIN hosts USING (source, member)
                WHERE rhel IS NOT NULL)
            GROUP BY ALL)
        GROUP BY number) USING (number)
    WHERE number <= {MOST_LISTED} ORDER BY number"""
LINES = """
    SELECT name, source, member, severity, top_finding AS finding, kernel, rhel, reports, cause, driver, mtu,
        "order", gfp_mask, silent, at_risk, min_free_kbytes, total_kb, last_time, complete,
        coalesce(changes, []) AS changes
    FROM hosts LEFT JOIN changes_of USING (source, member) WHERE {where}
    ORDER BY rank, hosts.reports + suppressed DESC, shown, source, member LIMIT {most}"""
# Numbers and paths in a reason are the source's own.
UNREAD = r"""
    SELECT reason, count(*) AS sources, list_slice(list(left(source, {text}) ORDER BY source), 1, 5) AS examples FROM (
        SELECT source, regexp_replace(regexp_replace(substr({column}, 1, 300), '[^\s:]*/[^\s:]+', '...', 'g'),
            '[0-9]+(?:[.,][0-9]+)*', '#', 'g') AS reason FROM {of} WHERE {column} <> '')
    GROUP BY reason ORDER BY sources DESC, reason LIMIT {most}"""
