"""What all findings share: the knowledge's links and words for the release, and the fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from nopage.diagnosis.picture import Kernel
from nopage.kernel.message import Message
from nopage.kernel.release import Release
from nopage.result import Finding, FindingType, LinkRole, Severity, said_all
from nopage.result import Link as ResultLink
from nopage.rules.knowledge import Knowledge, Link


def link_of(link: Link) -> ResultLink:
    return ResultLink(title=link.title, url=link.href, role=LinkRole(link.role), where=link.where)


def fingerprint(key: str, *parts: object) -> str:
    """A short hash that is equal for the same problem on any host: for counting and for finding duplicates."""
    return hashlib.sha256("\x1f".join(map(str, (key, *parts))).encode()).hexdigest()[:16]


def shared_fields(known: Knowledge, release: Release | None) -> dict[str, Any]:
    """What every finding of a key carries from the knowledge: words for this release, and links."""
    row = known.row(release)
    return {
        "key": known.key,
        "meaning": known.meaning,
        "impact": known.impact,
        "environment": row.environment if row else None,
        "article_says": row.says if row else None,
        "source_says": row.narrower if row else None,
        "links": tuple(map(link_of, known.links)),
        "knowledge_row": row.id if row else None,
    }


def setting_finding(
    known: Knowledge, kernel: Kernel, why: Message, plan: Mapping[str, Any], severity: Severity
) -> Finding:
    """A finding about one collected setting; nothing has failed, so there is no cause."""
    impact = known.said("impact")
    return Finding(
        **shared_fields(known, kernel.release),
        type=FindingType.FAIL if known.type == "fail" else FindingType.INFO,
        summary=sentence(str(why)),
        summary_said=said_all([why]),
        cause=None,
        severity=severity,
        matters=str(impact),
        matters_said=said_all([impact]),
        kernel=kernel.text,
        **plan,
        fingerprint=fingerprint(known.key, kernel.generation),
    )


def sentence(text: str) -> str:
    """The text with a capital at its beginning, unless it begins with a setting's name."""
    return text if text.startswith("vm.") else text[:1].upper() + text[1:]
