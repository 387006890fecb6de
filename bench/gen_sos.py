"""Make a sosreport like a busy RHEL 7 host's, with page allocation failures at known places, as directory and archives.

    python bench/gen_sos.py OUT [--size large|small|start] [--seed N] [--form xz --form gz ...]

The same seed gives the same bytes. `truth.json` beside it lists the planted reports: file, line, comm, order, mode.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

MB = 1 << 20
HOST = "db07.example.com"
RELEASE = "3.10.0-1160.el7.x86_64"
TOP = "sosreport-db07-20240214101112"

# File -> (megabytes, planted reports); and how many small files stand around them.
LOGS = {
    "large": {
        "var/log/messages": (100, 5),
        "var/log/messages-20240211": (20, 1),
        "var/log/messages-20240204.gz": (20, 1),
        "sos_commands/logs/journalctl_--no-pager": (60, 2),
        "sos_commands/kernel/dmesg": (0.2, 1),
        "var/crash/127.0.0.1-2024-02-10-03:12:01/vmcore-dmesg.txt": (0.1, 1),
        "var/log/secure": (10, 0),
        "var/log/audit/audit.log": (18, 0),
    },
    "small": {
        "var/log/messages": (8, 5),
        "var/log/messages-20240204.gz": (2, 1),
        "sos_commands/logs/journalctl_--no-pager": (4, 2),
        "sos_commands/kernel/dmesg": (0.2, 1),
        "var/log/audit/audit.log": (1, 0),
    },
    "start": {"sos_commands/kernel/dmesg": (0.05, 1)},  # little but what every run costs
}
SMALL_FILES = {"large": 3900, "small": 900, "start": 50}
SAR_MB = {"large": 8, "small": 1, "start": 0}

PACKERS = {
    "tar": ["cat"],
    "xz": ["xz", "-6", "-T1", "-c"],  # one block: what sos' own compression makes
    "gz": ["gzip", "-6", "-c"],
    "bz2": ["bzip2", "-9", "-c"],
    "zst": ["zstd", "-3", "-q", "-c"],
}

# fmt: off
SUBJECTS = ("sshd", "crond", "systemd", "NetworkManager", "dbus", "postfix/qmgr", "chronyd", "snmpd", "rsyslogd",
            "sudo", "puppet-agent", "httpd")
PHRASES = (
    "Started Session {n} of user oracle.", "Accepted publickey for deploy from 10.{b}.{c}.{d} port {n} ssh2: RSA {x}",
    "Removed slice User Slice of root.", "(root) CMD (/usr/lib64/sa/sa1 1 1)", "pam_unix(sshd:session): session closed",
    "status=sent (250 2.0.0 Ok: queued as {x})", "Selected source 10.{b}.{c}.{d}", "Connection reset by 10.{b}.{c}.{d}",
    "client 10.{b}.{c}.{d}: GET /health HTTP/1.1 200 {n} {x}", "checkpoint complete: wrote {n} buffers, sync={d} ms",
    "Received disconnect from 10.{b}.{c}.{d} port {n}:11: disconnected by user", "catalog applied in {d} seconds",
)
ALLOCATOR = ("dump_stack+0x19/0x1b", "warn_alloc_failed+0x110/0x180", "__alloc_pages_slowpath+0x6bb/0x729",
             "__alloc_pages_nodemask+0x436/0x450", "alloc_pages_current+0x98/0x110")
RECEIVE = ("ixgbe_alloc_rx_buffers+0x1b8/0x2a0 [ixgbe]", "ixgbe_clean_rx_irq+0x2c7/0x8a0 [ixgbe]",
           "ixgbe_poll+0x443/0x8b0 [ixgbe]", "net_rx_action+0x26f/0x390", "__do_softirq+0xf5/0x280",
           "call_softirq+0x1c/0x30", "do_softirq+0x65/0xa0", "irq_exit+0x105/0x110")
SOCKET = ("new_slab+0x393/0x4e0", "___slab_alloc+0x3ac/0x5e0", "__slab_alloc+0x40/0x5c", "kmem_cache_alloc+0x193/0x1e0",
          "sk_prot_alloc+0x44/0x190", "sk_clone_lock+0x21/0x330", "tcp_create_openreq_child+0x21/0x480")
# fmt: on


@dataclass
class Planted:
    """One report as it was written."""

    file: str
    line: int
    comm: str
    order: int
    mode: str


@dataclass
class Maker:
    """Writes the files of one sosreport below `top`."""

    top: Path
    rng: random.Random
    planted: list[Planted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.habits = [self.fresh() for _ in range(1200)]  # a host says the same things again and again

    def put(self, name: str, data: str | bytes) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def fresh(self) -> str:
        rng = self.rng
        text = rng.choice(PHRASES).format(
            n=rng.randrange(1024, 65536),
            b=rng.randrange(64),
            c=rng.randrange(256),
            d=rng.randrange(256),
            x=f"{rng.getrandbits(48):012X}",
        )
        return f"{rng.choice(SUBJECTS)}[{rng.randrange(300, 32768)}]: {text}"

    def bodies(self) -> Iterator[str]:
        rng = self.rng
        while True:
            for rank in rng.choices(range(1200), weights=[1 / (at + 3) for at in range(1200)], k=5000):
                yield self.fresh() if rng.random() < 0.2 else self.habits[rank]

    def report(self, comm: str, order: int, mode: str, mem_info: bool) -> list[str]:
        """One report as RHEL 7 prints it: from interrupt context without Mem-Info, from a task with it."""
        rng = self.rng
        pid = rng.randrange(2, 32768)
        lines = [
            f"{comm}: page allocation failure: order:{order}, mode:{mode}",
            f"CPU: {rng.randrange(16)} PID: {pid} Comm: {comm} Kdump: loaded Not tainted {RELEASE} #1",
            "Hardware name: VMware, Inc. VMware Virtual Platform/440BX Desktop Reference Platform, BIOS 6.00",
            "Call Trace:",
        ]
        for at, frame in enumerate((*ALLOCATOR, *(SOCKET if mem_info else RECEIVE))):
            irq = "" if at or mem_info else " <IRQ> "
            lines.append(f"{irq} [<ffffffff{rng.getrandbits(32):08x}>] {frame}")
        return lines + (self.mem_info(order) if mem_info else [])

    def mem_info(self, order: int) -> list[str]:
        rng = self.rng
        zones = {"DMA": (15996, 15908), "DMA32": (3129216, 2905108), "Normal": (13631488, 13325448)}
        lines = [
            "Mem-Info:",
            f"active_anon:{rng.randrange(10**6)} inactive_anon:{rng.randrange(10**5)} isolated_anon:0",
            f" active_file:{rng.randrange(10**6)} inactive_file:{rng.randrange(10**6)} isolated_file:0",
            f" unevictable:0 dirty:{rng.randrange(9999)} writeback:0 unstable:0",
            f" slab_reclaimable:{rng.randrange(10**5)} slab_unreclaimable:{rng.randrange(10**5)}",
            f" mapped:{rng.randrange(10**5)} shmem:{rng.randrange(10**5)} pagetables:{rng.randrange(10**4)} bounce:0",
            f" free:{rng.randrange(20000, 60000)} free_pcp:{rng.randrange(500)} free_cma:0",
        ]
        for name, (present, managed) in zones.items():
            floor = max(60, managed * 67584 // 16246464)
            lines.append(
                f"Node 0 {name} free:{rng.randrange(floor, 4 * floor)}kB min:{floor}kB low:{floor * 5 // 4}kB "
                f"high:{floor * 3 // 2}kB active_anon:{rng.randrange(10**6)}kB inactive_anon:{rng.randrange(10**6)}kB "
                f"active_file:{rng.randrange(10**6)}kB inactive_file:{rng.randrange(10**6)}kB unevictable:0kB "
                f"isolated(anon):0kB isolated(file):0kB present:{present}kB managed:{managed}kB mlocked:0kB dirty:0kB "
                f"writeback:0kB mapped:0kB shmem:0kB slab_reclaimable:0kB slab_unreclaimable:0kB kernel_stack:0kB "
                f"pagetables:0kB unstable:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB writeback_tmp:0kB "
                f"pages_scanned:0 all_unreclaimable? no"
            )
            lines.append("lowmem_reserve[]: 0 2837 15850 15850")
        for name in zones:
            counts = [rng.randrange(900) if at < max(order, 1) else 0 for at in range(11)]
            cells = " ".join(f"{count}*{4 << at}kB{' (UEM)' if count else ''}" for at, count in enumerate(counts))
            lines.append(f"Node 0 {name}: {cells} = {sum(count * (4 << at) for at, count in enumerate(counts))}kB")
        return [
            *lines,
            f"{rng.randrange(10**6)} total pagecache pages",
            "0 pages in swap cache",
            "Swap cache stats: add 0, delete 0, find 0/0",
            "Free swap  = 4194300kB",
            "Total swap = 4194300kB",
        ]

    def log(self, name: str, size: int, reports: int) -> None:
        """A log of about `size` bytes, its reports spread evenly."""
        rng = self.rng
        kernel_only = "dmesg" in name
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        marks = [size * (at + 1) // (reports + 1) for at in range(reports)]
        bodies = self.bodies()
        with gzip.GzipFile(path, "wb", 6, mtime=0) if name.endswith(".gz") else path.open("wb") as out:
            written = count = second = 0
            while written < size:
                if kernel_only:
                    stamp = f"[{second:6d}.{rng.getrandbits(19):06d}] "
                else:
                    clock = f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
                    stamp = f"Feb {1 + second // 86400 % 14:2d} {clock} db07 "
                if marks and written >= marks[0]:
                    marks.pop(0)
                    comm, order = rng.choice(("swapper/3", "ksoftirqd/2", "oracle", "kworker/4:1")), rng.randrange(4)
                    mode = "0x4020" if order else "0x20"
                    self.planted.append(Planted(name, count + 1, comm, order, mode))
                    kernel = "" if kernel_only else "kernel: "
                    lines = [stamp + kernel + text for text in self.report(comm, order, mode, comm == "oracle")]
                else:
                    said = islice(bodies, 8)
                    lines = [stamp + (body.partition(": ")[2] if kernel_only else body) for body in said]
                data = ("\n".join(lines) + "\n").encode()
                out.write(data)
                written += len(data)
                count += len(lines)
                second += rng.randrange(6)

    def table(self, rows: int) -> str:
        rng = self.rng
        line = "{:<16}{:>10} {:>12}\n"
        return "".join(line.format(rng.choice(SUBJECTS), rng.getrandbits(20), rng.getrandbits(24)) for _ in range(rows))


def facts(maker: Maker) -> None:
    """The files that a report is read beside."""
    rng = maker.rng
    blocks = "Node 0, zone {:>8} " + " {:6d}" * 11 + "\n"
    zones = ("DMA", "DMA32", "Normal")
    files = {
        "sos_commands/kernel/uname_-a": f"Linux {HOST} {RELEASE} #1 SMP Mon Oct 19 16:18:59 UTC 2020 x86_64\n",
        "sos_commands/kernel/sysctl_-a": "vm.min_free_kbytes = 67584\nvm.swappiness = 60\nvm.zone_reclaim_mode = 0\n"
        + "".join(f"net.ipv4.conf.eth{at}.accept_redirects = {at & 1}\n" for at in range(700)),
        "proc/buddyinfo": "".join(blocks.format(zone, *rng.choices(range(9000), k=11)) for zone in zones),
        "proc/meminfo": "MemTotal:       16246464 kB\nMemFree:          154832 kB\nMemAvailable:    2154832 kB\n",
        "proc/cmdline": "BOOT_IMAGE=/vmlinuz root=/dev/mapper/rhel-root ro crashkernel=auto\n",
        "proc/net/softnet_stat": "0001a2b3 00000000 00000012 " + "00000000 " * 7 + "00000000\n",
        "etc/redhat-release": "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n",
        "sos_commands/host/hostname": HOST + "\n",
        "sos_commands/date/date": "Wed Feb 14 10:11:12 UTC 2024\n",
        "sos_commands/networking/ethtool_-i_eth0": "driver: ixgbe\nversion: 5.1.0-k-rh7.9\n",
        "sos_commands/networking/ethtool_-S_eth0": "NIC statistics:\n     rx_packets: 9\n     rx_no_dma_resources: 0\n",
        "version.txt": "sosreport: 3.9\n",
    }
    for name, text in files.items():
        maker.put(name, text)
    (maker.top / "dmesg").symlink_to("sos_commands/kernel/dmesg")


def filler(maker: Maker, count: int, sar_bytes: int) -> None:
    """The thousands of small files, links and binary data that a reader has to step over."""
    rng = maker.rng
    plugins = ("networking", "block", "rpm", "process", "selinux", "filesys", "devices", "lvm2", "systemd", "yum")
    for at in range(count):
        kind = at % 10
        if kind < 4:
            rows = rng.choice((2, 10, 40, 160, 500))
            folder = f"sos_commands/{plugins[at % 7 + at % 4]}"
            maker.put(f"{folder}/command_-{rng.choice('abcdefg')}_{at}", maker.table(rows))
        elif kind < 6:
            maker.put(f"proc/{1000 + at}/status", maker.table(30))
        elif kind < 9:
            maker.put(f"sys/devices/pci0000:00/0000:00:{at:04x}.0/resource", f"{rng.getrandbits(16)}\n")
        else:
            maker.put(f"etc/sysconfig/{rng.choice(SUBJECTS).replace('/', '-')}-{at}.conf", maker.table(30))
            (maker.top / f"etc/sysconfig/link-{at}").symlink_to(rng.choice(("/usr/bin/true", "../hosts")))
    for day in range(4):
        maker.put(f"var/log/sa/sa{10 + day}", rng.randbytes(sar_bytes // 8) + bytes(range(64)) * (sar_bytes // 512))


def make(out: Path, size: str, seed: int, forms: list[str]) -> Path:
    """Write the tree, its truth and its archives below `out`; gives the tree's folder."""
    out.mkdir(parents=True, exist_ok=True)
    top = out / TOP
    shutil.rmtree(top, ignore_errors=True)
    maker = Maker(top, random.Random(seed))
    facts(maker)
    filler(maker, SMALL_FILES[size], SAR_MB[size] * MB)
    for name, (megabytes, reports) in LOGS[size].items():
        maker.log(name, int(megabytes * MB), reports)
    (out / "truth.json").write_text(json.dumps([asdict(report) for report in maker.planted], indent=1) + "\n")
    for form in forms:
        pack(top, out / (f"{TOP}.tar" if form == "tar" else f"{TOP}.tar.{form}"), form)
    return top


def pack(top: Path, archive: Path, form: str) -> None:
    """The tree as one tar stream, names sorted, through a compressor."""
    with archive.open("wb") as out, subprocess.Popen(PACKERS[form], stdin=subprocess.PIPE, stdout=out) as packer:
        with tarfile.open(fileobj=packer.stdin, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            tar.add(top, arcname=top.name)
        packer.communicate()
    if packer.returncode:
        raise SystemExit(f"{PACKERS[form][0]} failed")


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("out", type=Path)
    options.add_argument("--size", choices=LOGS, default="large")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--form", action="append", choices=PACKERS, default=[])
    chosen = options.parse_args()
    print(make(chosen.out, chosen.size, chosen.seed, chosen.form))


if __name__ == "__main__":
    main()
