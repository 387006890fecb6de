"""What a comparison asks of the tables of two stores, `old_` and `new_` before their names."""
from __future__ import annotations

from collections.abc import Mapping

from nopage.fleet.report.tables import COLLECTED, MOST_LISTED, NONE_NEEDED

# A host failed again where its last failure is later than all that the old collection could know.
BOTH = f"""
    CREATE TABLE both_hosts AS
    WITH old AS (SELECT *, coalesce(name, source) AS pair, {COLLECTED} AS known_to FROM old_hosts),
        new AS (SELECT *, coalesce(name, source) AS pair FROM new_hosts),
        pairs AS (
            SELECT row_number() OVER (ORDER BY pair) AS place, old.*, new.name AS new_name, new.source AS new_source,
                new.affected AS new_affected, new.rank AS new_rank, new.severity AS new_severity,
                new.reports AS new_reports, new.cause AS new_cause, new.driver AS new_driver, new.kernel AS new_kernel,
                new.rhel AS new_rhel, new.min_free_kbytes AS new_min_free, new.extra_free_kbytes AS new_extra,
                new.watermark_scale_factor AS new_scale, new.watermark_boost_factor AS new_boost,
                new.total_kb AS new_kb, new.nics AS new_nics, new.findings AS new_findings,
                new.last_time AS new_last_time,
                (coalesce(substr(new.last_time, 1, 19), '')
                    > greatest(known_to, coalesce(substr(old.last_time, 1, 19), '')))
                OR (new.silent AND new.reports = 0) AS since
            FROM old JOIN new USING (pair))
    SELECT *, CASE
        WHEN NOT affected AND NOT new_affected THEN 'healthy' WHEN NOT affected THEN 'new'
        WHEN NOT new_affected THEN 'gone' WHEN NOT since THEN 'none_since'
        WHEN new_rank < rank THEN 'worse' WHEN new_rank > rank THEN 'better' ELSE 'again' END AS turn
    FROM pairs"""
TURNS = "SELECT turn, count(*) AS hosts FROM both_hosts GROUP BY turn"


def moved(old: str, new: str) -> str:
    """Values of both sides, with the hosts that have them."""
    return f"""
        SELECT value, count(*) FILTER (NOT later) AS before, count(*) FILTER (later) AS after FROM (
            SELECT unnest({old}) AS value, false AS later FROM both_hosts
            UNION ALL SELECT unnest({new}), true FROM both_hosts)
        GROUP BY value ORDER BY greatest(before, after) DESC, value LIMIT {MOST_LISTED}"""


def if_affected(column: str) -> tuple[str, str]:
    """A column of affected hosts alone, as lists of none or one."""
    return f"CASE WHEN affected THEN [{column}] ELSE [] END", f"CASE WHEN new_affected THEN [new_{column}] ELSE [] END"


MOVED: Mapping[str, str] = {
    "findings": moved("findings", "new_findings"),
    "causes": moved(*if_affected("cause")),
    "drivers": moved(*if_affected("driver")),
    "rhels": moved("[rhel]", "[new_rhel]"),
}
PROBLEMS = f"""
    SELECT fingerprint, min(top_finding) AS key, min(cause) AS cause, min(driver) AS driver, count(*) AS hosts,
        list_slice(list(shown ORDER BY rank, reports DESC, shown), 1, 5) AS names
    FROM {{here}}hosts AS one ANTI JOIN (SELECT fingerprint FROM {{there}}hosts WHERE fingerprint IS NOT NULL)
        USING (fingerprint)
    WHERE fingerprint IS NOT NULL GROUP BY fingerprint ORDER BY hosts DESC, fingerprint LIMIT {MOST_LISTED}"""
STEPS = f"""
    SELECT place, turn, step.action, step.setting, step.value, step.before, step.shared, step.driver, step.mtu,
        one.kernel AS old_kernel, new_kernel, total_kb AS old_kb, new_kb, new_nics AS nics,
        new_min_free AS min_free_kbytes, new_extra AS extra_free_kbytes, new_scale AS watermark_scale_factor,
        new_boost AS watermark_boost_factor
    FROM old_steps AS step JOIN both_hosts AS one USING (source, member) WHERE step.action <> '{NONE_NEEDED}'"""
HOSTS = """
    SELECT place, coalesce(new_name, name) AS name, new_source AS source, turn, severity AS severity_before,
        new_severity AS severity_after, reports AS reports_before, new_reports AS reports_after,
        coalesce(new_cause, cause) AS cause, coalesce(new_driver, driver) AS driver, kernel AS kernel_before,
        new_kernel AS kernel_after, min_free_kbytes AS min_free_before, new_min_free AS min_free_after,
        coalesce(new_last_time, last_time) AS last_time
    FROM both_hosts WHERE turn <> 'healthy'
    ORDER BY list_position(['new', 'worse', 'again', 'better', 'none_since', 'gone'], turn), least(rank, new_rank),
        new_reports DESC, place LIMIT {most}"""
