"""What was found, and the remedies of one finding."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from nopage.result.base import Cause, Fact, FindingType, FixKind, LinkRole, Path, Severity
from nopage.result.failure import Mask
from nopage.result.said import Said


class Link(Fact, frozen=True):
    """A text worth reading."""

    title: Annotated[
        str,
        Meta(
            description="its exact title",
            examples=["Memory zones and a Linux driver issue (RHEL 6.4, mlx4_en, order 2)"],
        ),
    ]
    url: Annotated[
        str | None,
        Meta(
            description="its address; null where none is public",
            examples=["https://access.redhat.com/solutions/90883"],
        ),
    ]
    role: Annotated[LinkRole, Meta(description="resolution or related", examples=["related"])]
    where: Annotated[str | None, Meta(description="who publishes it", examples=["Red Hat Customer Portal"])] = None


class ZoneMarks(Fact, frozen=True):
    """One zone's watermarks in pages, now and under the proposed setting."""

    name: Annotated[str, Meta(description="zone as the kernel prints it", examples=["Node 0 Normal"])]
    min_now: Annotated[int, Meta(description="min now", examples=[9847])]
    low_now: Annotated[int, Meta(description="low now", examples=[12308])]
    high_now: Annotated[int, Meta(description="high now", examples=[14770])]
    floor_now: Annotated[int, Meta(description="what GFP_ATOMIC must leave now", examples=[3693])]
    min_then: Annotated[int, Meta(description="min then", examples=[19695])]
    low_then: Annotated[int, Meta(description="low then", examples=[24618])]
    high_then: Annotated[int, Meta(description="high then", examples=[29542])]
    floor_then: Annotated[int, Meta(description="what GFP_ATOMIC must leave then", examples=[7386])]


class Remedy(Fact, frozen=True):
    """One thing to do, with its exact value, why, and its risk."""

    action: Annotated[
        str, Meta(description="what to do, one of the design's words", examples=["raise_min_free_kbytes"])
    ]
    value: Annotated[str | int | None, Meta(description="the exact value; null where there is none", examples=[180224])]
    reason: Annotated[
        str,
        Meta(
            description="why, in sentences",
            examples=["kswapd then keeps more pages free, and with them larger blocks: failures become rarer. ..."],
        ),
    ]
    risk: Annotated[str, Meta(description="what it may cost; empty where nothing", examples=["A reboot."])]
    setting: Annotated[str | None, Meta(description="the sysctl that it sets", examples=["vm.min_free_kbytes"])] = None
    before: Annotated[str | int | None, Meta(description="its value when the host was collected", examples=[90112])] = (
        None
    )
    way_back: Annotated[
        str, Meta(description="how to undo it, in words", examples=["Remove the line again and boot."])
    ] = ""
    file: Annotated[str, Meta(description="the file that makes it last", examples=["/etc/sysctl.conf"])] = ""
    persistent: Annotated[
        str, Meta(description="the lines of that file", examples=["vm.min_free_kbytes = 180224\n"])
    ] = ""
    replay: Annotated[
        str,
        Meta(
            description="what the printed state would say under it",
            examples=["Replayed under the new marks, the printed state still fails: ..."],
        ),
    ] = ""
    zones: Annotated[tuple[ZoneMarks, ...], Meta(description="the zones' marks now and then")] = ()
    percent_of_ram: Annotated[
        float | None, Meta(description="the value as a share of memory, in percent", examples=[0.6])
    ] = None
    cap_kb: Annotated[int | None, Meta(description="the most that is advised here, in KiB", examples=[1632259])] = None
    cap_percent: Annotated[int | None, Meta(description="the same in percent of memory", examples=[5])] = None
    derivation: Annotated[
        str | None,
        Meta(description="where the value comes from", examples=["Twice the present 90112 kB is 180224 kB. ..."]),
    ] = None
    provenance: Annotated[
        str | None,
        Meta(
            description="where the present value comes from: default, thp, user, unknown",
            examples=["thp"],
        ),
    ] = None
    provenance_words: Annotated[
        str | None,
        Meta(description="the same in a sentence", examples=["90112 kB is what transparent huge pages raise ..."]),
    ] = None
    command: Annotated[
        str,
        Meta(
            description="what to type; empty where no command does it",
            examples=["sysctl -w vm.min_free_kbytes=180224"],
        ),
    ] = ""
    way_back_command: Annotated[
        str, Meta(description="what to type to undo it", examples=["sysctl -w vm.min_free_kbytes=90112"])
    ] = ""
    persist: Annotated[str, Meta(description="what to type to make it last", examples=["sysctl -p"])] = ""
    reason_said: Annotated[tuple[Said, ...], Meta(description="the sentences of reason as ids and parameters")] = ()
    risk_said: Annotated[tuple[Said, ...], Meta(description="the sentences of risk as ids and parameters")] = ()
    replay_said: Annotated[tuple[Said, ...], Meta(description="the sentences of replay as ids and parameters")] = ()
    value_said: Annotated[tuple[Said, ...], Meta(description="the value, where it is words")] = ()


class KnownFix(Fact, frozen=True):
    """A known problem of this kernel or driver that fits the failure."""

    id: Annotated[str, Meta(description="row of the table of known fixes", examples=["mlx4_en.order2"])]
    kind: Annotated[
        FixKind, Meta(description="fixes the request, eases it, or only hides its report", examples=["fixes"])
    ]
    fixed_in: Annotated[str, Meta(description="first build that has the fix", examples=["2.6.32-431"])]
    words: Annotated[
        str, Meta(description="the problem and its fix in a sentence", examples=["From here on it asks silently."])
    ]
    source: Annotated[str, Meta(description="where that was read", examples=["access.redhat.com/solutions/62765"])]
    said: Annotated[tuple[Said, ...], Meta(description="the sentences of words as ids and parameters")] = ()


class Finding(Fact, frozen=True):
    """One finding on one host. What a key does not have is null."""

    key: Annotated[str, Meta(description="its name in the catalogue", examples=["ATOMIC_ALLOCATION_FAILURE"])]
    type: Annotated[FindingType, Meta(description="fail is a problem, info worth knowing", examples=["fail"])]
    summary: Annotated[
        str,
        Meta(description="the finding in one sentence", examples=["3 atomic allocation failures, order 2 ..."]),
    ]
    cause: Annotated[
        Cause | None,
        Meta(
            description="why; null where nothing failed or the request could sleep",
            examples=["fragmented"],
        ),
    ]
    remedies: Annotated[tuple[Remedy, ...], Meta(description="what to do, the most advisable first")]
    links: Annotated[tuple[Link, ...], Meta(description="the resolution first")]
    fingerprint: Annotated[
        str, Meta(description="equal for the same problem on any host", examples=["9f59229124715eda"])
    ]
    meaning: Annotated[
        str,
        Meta(
            description="what this finding is, the same for every host",
            examples=["A part of the kernel that must not sleep asked for free memory and got none. ..."],
        ),
    ] = ""
    impact: Annotated[
        str,
        Meta(
            description="what it does to a host, the same for every host",
            examples=["The kernel goes on. In the network receive path the packet is dropped: ..."],
        ),
    ] = ""
    matters: Annotated[
        str, Meta(description="whether it matters on this host", examples=["Packets were dropped, by the counters ..."])
    ] = ""
    why: Annotated[tuple[str, ...], Meta(description="the cause and its proof, in sentences")] = ()
    notes: Annotated[tuple[str, ...], Meta(description="what else is worth knowing, in sentences")] = ()
    environment: Annotated[
        str | None,
        Meta(description="which releases this is true of", examples=["Red Hat Enterprise Linux 6.0 to 6.3 ..."]),
    ] = None
    article_says: Annotated[
        str | None,
        Meta(description="what the article says for this release", examples=["Update to 2.6.32-358 or later, ..."]),
    ] = None
    source_says: Annotated[
        str | None,
        Meta(
            description="where the kernel source is narrower than the article",
            examples=["In the source of 2.6.32-358, kswapd compacts only for requests of order 4 and more; ..."],
        ),
    ] = None
    knowledge_row: Annotated[
        str | None, Meta(description="row of the knowledge file", examples=["rhel6-before-358"])
    ] = None
    kernel: Annotated[
        str | None, Meta(description="release that it was printed by", examples=["2.6.32-131.21.1.el6.x86_64"])
    ] = None
    generation: Annotated[str | None, Meta(description="el4 to el10", examples=["el6"])] = None
    rhel: Annotated[str | None, Meta(description="major.minor", examples=["6.1"])] = None
    request_words: Annotated[
        str | None, Meta(description="what the request may do", examples=["it could neither sleep nor reclaim; ..."])
    ] = None
    where_words: Annotated[
        str | None, Meta(description="who asked", examples=["network receive, driver mlx4_en, ..."])
    ] = None
    host: Annotated[str | None, Meta(description="name of the host", examples=["stor1.example.com"])] = None
    page_kb: Annotated[int | None, Meta(description="page size of the host in KiB", examples=[4])] = None
    order: Annotated[int | None, Meta(description="2**order contiguous pages were wanted", examples=[2])] = None
    gfp_mask: Annotated[Mask | None, Meta(description="gfp_mask as printed, in hex", examples=["0x4020"])] = None
    gfp_name: Annotated[str | None, Meta(description="the mask in names", examples=["GFP_ATOMIC|__GFP_COMP"])] = None
    atomic: Annotated[bool | None, Meta(description="the requests could not sleep", examples=[True])] = None
    path: Annotated[Path | None, Meta(description="code path that asked", examples=["network receive"])] = None
    driver: Annotated[str | None, Meta(description="module that asked", examples=["mlx4_en"])] = None
    reports: Annotated[int | None, Meta(description="failures in all", examples=[3])] = None
    reports_counted_only: Annotated[
        int | None, Meta(description="those of a storm that were counted, not kept", examples=[0])
    ] = None
    suppressed: Annotated[int | None, Meta(description="messages that a rate limit swallowed", examples=[37])] = None
    suppressed_exact: Annotated[bool | None, Meta(description="every one of them was a failure", examples=[False])] = (
        None
    )
    shown: Annotated[str | None, Meta(
            description="signature of the group that is told", examples=["2-0x4020-watermark_order-6a6aa23afd8d"]
        )] = None
    signatures: Annotated[tuple[str, ...], Meta(description="signatures of all its groups, at most 50")] = ()
    failures_total: Annotated[int | None, Meta(description="failures of this finding", examples=[3])] = None
    failures_left_out: Annotated[
        int | None, Meta(description="those that an insights response has no room for", examples=[0])
    ] = None
    min_free_kbytes: Annotated[int | None, Meta(description="vm.min_free_kbytes as collected", examples=[90112])] = None
    total_kb: Annotated[int | None, Meta(description="MemTotal in KiB", examples=[32645196])] = None
    orders: Annotated[
        tuple[int, ...] | None, Meta(description="orders that an atomic request would not get", examples=[[2, 3]])
    ] = None
    rings_need_kb: Annotated[
        int | None, Meta(description="one refill of all receive rings, in KiB", examples=[16384])
    ] = None
    severity: Annotated[Severity, Meta(description="how soon to act", examples=["important"])] = Severity.LOW
    steps: Annotated[
        tuple[int, ...], Meta(description="numbers of its steps in the host's plan, from 1", examples=[[1, 2]])
    ] = ()
    summary_said: Annotated[tuple[Said, ...], Meta(description="the sentences of summary as ids and parameters")] = ()
    why_said: Annotated[tuple[Said, ...], Meta(description="the sentences of why as ids and parameters")] = ()
    notes_said: Annotated[tuple[Said, ...], Meta(description="the sentences of notes as ids and parameters")] = ()
    matters_said: Annotated[tuple[Said, ...], Meta(description="the sentences of matters as ids and parameters")] = ()
    request_said: Annotated[
        tuple[Said, ...], Meta(description="the sentences of request_words as ids and parameters")
    ] = ()
    where_said: Annotated[tuple[Said, ...], Meta(description="the sentences of where_words as ids and parameters")] = ()
    article: Annotated[
        tuple[Said, ...],
        Meta(
            description="what the article says, point by point in its words for this host; ids that end in .source say "
            "where the kernel source is narrower; RHEL 4 to 7 only"
        ),
    ] = ()
    known_fixes: Annotated[
        tuple[KnownFix, ...], Meta(description="known problems of this kernel or driver that fit the failure")
    ] = ()
    silent_failures: Annotated[
        int | None, Meta(description="failed allocations by the counters, without a report", examples=[123456])
    ] = None
    lost_packets: Annotated[
        int | None, Meta(description="packets lost with them, by the same counters", examples=[500000])
    ] = None
    old: Annotated[
        bool,
        Meta(
            description="all its failures lie outside the time asked about (--since, --until): it does not count",
            examples=[False],
        ),
    ] = False
