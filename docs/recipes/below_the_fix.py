"""A cluster rule: hosts whose atomic requests failed for one cause, all of them on kernels for which an update is due.

    insights run -p below_the_fix FOLDER-OF-ARCHIVES
"""
from __future__ import annotations

from insights.core.plugins import make_fail, make_pass, rule

from nopage.combiners.cluster import failure_groups, host
from nopage.kernel.plain import plain

CONTENT = """\
{% for one in due %}{{ one.driver }}, {{ one.cause }}: update {{ one.hosts | length }} hosts to {{ one.build }}
{% for name in one.hosts %}  {{ name }}
{% endfor %}{% endfor %}"""


@rule(host, failure_groups, cluster=True)
def report(hosts, groups):
    """Two hosts or more that share cause and driver, and the update that their plans begin with."""
    failed = groups[groups.atomic].merge(hosts, on="machine_id", suffixes=("", "_of_host"))
    failed = failed[failed.first_action == "update_kernel"]
    due = [
        {"cause": cause, "driver": driver, "build": build, "hosts": sorted(set(map(plain, some.host)))}
        for (cause, driver, build), some in failed.groupby(["cause", "driver", "first_value"])
        if some.machine_id.nunique() > 1
    ]
    if due:
        return make_fail("HOSTS_BELOW_THE_FIX", due=due)
    return make_pass("HOSTS_BELOW_THE_FIX", hosts=len(hosts))
