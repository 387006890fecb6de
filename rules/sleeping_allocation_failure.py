"""SLEEPING_ALLOCATION_FAILURE: the look-alike. The request could sleep and reclaim, and failed nevertheless."""
from __future__ import annotations

from typing import Any

from insights.core.plugins import make_info, rule

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.rules.allocation_failure import finding, response_fields
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import remedies_of
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import rule_links

KEY = "SLEEPING_ALLOCATION_FAILURE"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Diagnoses, Failures, Kernel, optional=[Memory], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(diagnoses: Diagnoses, failures: Failures, kernel: Kernel, memory: Memory | None) -> Any:
    """One response for all failures whose request could sleep; its remedies are not those of atomic failures."""
    if not failures.sleeping:
        return None
    known = knowledge(KEY)
    fields = finding(known, diagnoses, failures, kernel, memory, atomic=False)
    fields["remedies"] = remedies_of(known, diagnoses, diagnoses.of(atomic=False)[0], kernel, memory, None)
    fields["matters"] = known.impact
    return make_info(KEY, **response_fields(fields))
