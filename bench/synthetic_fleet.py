"""A store of a made fleet: hosts, failures and plans drawn from tables, the same for the same seed.

    python bench/synthetic_fleet.py STORE [--hosts N] [--seed N] [--later]

Every host has a row; of the worst there are whole results. `later` is the same fleet some weeks on: some hosts were
updated, some failures ended, some began.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zlib import crc32

from msgspec.structs import replace

from nopage.fleet.store import Folder, GroupRow, Packed, Row, StepRow, Writer, packed_result

ROOT = Path(__file__).resolve().parent.parent
BEGIN = datetime(2026, 9, 1)
ROLES = ("db", "web", "stor", "mail", "build", "hpc", "virt", "cache")
SITES = ("fra", "muc", "lon", "nyc", "sin")
# rhel, kernel, how many of a hundred hosts, how many of a hundred of them fail
RELEASES = (
    ("5.11", "2.6.18-398.el5", 4, 20), ("6.1", "2.6.32-131.21.1.el6.x86_64", 6, 60),
    ("6.4", "2.6.32-358.el6.x86_64", 10, 40), ("6.10", "2.6.32-754.35.1.el6.x86_64", 10, 30),
    ("7.6", "3.10.0-957.el7.x86_64", 15, 30), ("7.9", "3.10.0-1160.119.1.el7.x86_64", 25, 25),
    ("8.10", "4.18.0-553.el8_10.x86_64", 20, 20), ("9.4", "5.14.0-427.el9.x86_64", 10, 12),
)  # fmt: skip
NICS = (("mlx4_en", 9000), ("mlx5_core", 1500), ("bnx2x", 1500), ("ixgbe", 9000), ("be2net", 1500), ("e1000e", 1500))
CAUSES = (("fragmented", 45), ("exhausted", 25), ("watermark_order", 15), ("unknown", 10), ("zone_exhausted", 5))
SEVERITIES = (("urgent", 2), ("important", 18), ("moderate", 40), ("low", 40))
MASKS = (("0x20", "GFP_ATOMIC"), ("0x4020", "GFP_ATOMIC|__GFP_COMP"), ("0x480020", "GFP_ATOMIC"))
MEMORY_GB = (4, 8, 16, 32, 64, 128, 256, 512, 1024)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ERRORS = (
    "is empty", "is cut off after {n} MB", "needs more memory than the 1024 MiB of --memory",
    "sosreport-{n}/var/log/messages: is damaged at byte {n}", "no such file",
)  # fmt: skip


def drawn(random: Random, table: tuple[tuple[str, int], ...]) -> str:
    return random.choices([one for one, _ in table], [weight for _, weight in table])[0]


def hosts(count: int, seed: int = 7, *, later: bool = False) -> Iterator[Packed]:
    """The rows of so many sources."""
    for number in range(count):
        random = Random(seed * 10_000_019 + number)
        yield host(number, random, later=later)


def host(number: int, random: Random, *, later: bool) -> Packed:
    """One source: mostly a host, three in a hundred cannot be read."""
    name = f"{random.choice(ROLES)}{number:05}.{random.choice(SITES)}.example.com"
    made = BEGIN + timedelta(days=random.randrange(60), seconds=random.randrange(86_400))
    word = "".join(random.choices(LETTERS, k=7))
    source = f"/srv/sosreports/{made:%Y-%m}/sosreport-{name}-{random.randrange(10**8):08}-{made:%Y-%m-%d}-{word}.tar.xz"
    scanned = (BEGIN + timedelta(days=62 + 30 * later)).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    size = random.randrange(5_000_000, 60_000_000)
    if random.random() < 0.03:
        error = random.choice(ERRORS).format(n=random.randrange(1000))
        return Packed(row=Row(source=source, kind="unreadable", error=error, size_bytes=size, scanned_at=scanned))
    rhel, kernel, _, failing = random.choices(RELEASES, [one[2] for one in RELEASES])[0]
    driver, mtu = random.choice(NICS)
    memory = random.choice(MEMORY_GB)
    reserve = random.choice((2048, 11_264, 45_056, 67_584, 90_112, 262_144))
    fails, silent = random.random() * 100 < failing, random.random() < 0.01
    steps = plan(rhel, driver, mtu, memory, random)
    if later:
        made += timedelta(days=30)
        if rhel in ("6.1", "6.4") and random.random() < 0.6:
            rhel, kernel = "6.10", "2.6.32-754.35.1.el6.x86_64"
            fails = fails and random.random() < 0.3
        elif random.random() < 0.1:
            fails = not fails
    row = Row(
        source=source, host=name, kind="sosreport", kernel=kernel, rhel=rhel, generation=f"el{rhel.split('.')[0]}",
        complete=random.random() > 0.02, size_bytes=size, scanned_at=scanned, duration_s=1.2,
        collected_at=made.isoformat(), min_free_kbytes=reserve, total_kb=memory * 1_048_576 - 300_000 - number % 7,
        nics=(f"{driver}:{mtu}",), at_risk=not fails and random.random() < 0.01, silent=silent,
    )  # fmt: skip
    if not row.complete:
        row = replace(row, warning=f"var/log/messages-{number}: is cut off")
    if not fails and not silent:
        keys = ("ATOMIC_RESERVE_AT_RISK",) if row.at_risk else ()
        return Packed(row=replace(row, findings=keys, top_finding=keys[0] if keys else None))
    return failing_host(row, driver, mtu, made, steps, random)


def failing_host(
    row: Row, driver: str, mtu: int, made: datetime, steps: tuple[StepRow, ...], random: Random
) -> Packed:
    """A host with failures."""
    cause = drawn(random, CAUSES)
    mask, mask_name = random.choice(MASKS)
    order = random.choice((0, 1, 2, 2, 3, 5))
    reports = 1 + int(random.paretovariate(0.9)) % 100_000
    last = made - timedelta(seconds=random.randrange(20 * 86_400))
    first = last - timedelta(seconds=random.randrange(40 * 86_400))
    keys = ("ATOMIC_ALLOCATION_FAILURE", *(("SILENT_ALLOCATION_FAILURE",) if row.silent else ()))
    row = replace(
        row, reports=reports, severity=drawn(random, SEVERITIES), findings=keys, top_finding=keys[0], cause=cause,
        driver=driver, path="network receive", order=order, gfp_mask=mask, first_time=first.isoformat(),
        last_time=last.isoformat(), mtu=mtu, drops=random.choice(("shown", "likely", "not shown")),
        fingerprint=f"{crc32(repr((cause, driver, order)).encode()):016x}",
        suppressed=random.randrange(50),
    )  # fmt: skip
    group = GroupRow(
        source=row.source, host=row.host, signature=f"{order}-{mask}-{cause}", count=reports, order=order,
        gfp_mask=mask, gfp_name=mask_name, atomic=True, comm=("swapper",), path=row.path, driver=driver, cause=cause,
        first_time=row.first_time, last_time=row.last_time,
    )  # fmt: skip
    mine = tuple(replace(step, source=row.source, number=number) for number, step in enumerate(steps, 1))
    return Packed(row=row, groups=(group,), steps=mine)


def plan(rhel: str, driver: str, mtu: int, memory_gb: int, random: Random) -> tuple[StepRow, ...]:
    """Steps as such hosts have them."""
    steps = []
    if rhel in ("6.1", "6.4"):
        build = "2.6.32-431 or later"
        steps.append(StepRow(source="", action="update_kernel", value=build, shared=build, due="next_maintenance"))
    if mtu > 1500 and random.random() < 0.6:
        steps.append(StepRow(source="", action="lower_order", value="MTU 1500 on eth4 (now 9000)", shared="MTU 1500",
                             driver=driver, mtu=mtu, command="ip link set eth4 mtu 1500", due="now", verdict="passes"))
    if random.random() < 0.7:
        value = str(memory_gb * 4096)
        steps.append(StepRow(source="", action="raise_min_free_kbytes", setting="vm.min_free_kbytes", value=value,
                             command=f"sysctl -w vm.min_free_kbytes={value}", due="now", verdict="still_fails"))
    return tuple(steps) or (StepRow(source="", action="compact_memory", setting="vm.compact_memory", value="1",
                                    command="sysctl -w vm.compact_memory=1", due="now"),)


def write(folder: str, count: int, seed: int = 7, *, later: bool = False) -> None:
    """Make the store. Hosts that are urgent have a whole result: that of the example, under their name."""
    import nopage

    (result,) = nopage.diagnose(str(ROOT / "docs/example/sosreport-example-rhel6"))
    writer = Writer(Folder(folder))
    try:
        for one in hosts(count, seed, later=later):
            if one.row.severity == "urgent":
                one = replace(one, result=packed_result(replace(result, host=one.row.host)))
            writer.add([one])
            writer.tick()
        writer.flush()
    finally:
        writer.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("store")
    options.add_argument("--hosts", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--later", action="store_true")
    chosen = options.parse_args()
    write(chosen.store, chosen.hosts, chosen.seed, later=chosen.later)
