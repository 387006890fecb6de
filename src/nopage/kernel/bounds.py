"""The bounds of everything that input can make large, in one table; what good data has stands beside each.

What a person may choose instead stands in `nopage.intake.model.Limits` and `nopage.vmcore.CoreLimits`.
"""
from __future__ import annotations

from nopage.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Counts, bytes and seconds. Together they keep a run below 120 MB, whatever it is given."""

    # names and remarks
    name_bytes: int = 4096 + 256  # include/uapi/linux/limits.h: PATH_MAX, below a top folder of NAME_MAX
    remark_characters: int = 400  # a remark names at most one path, which is mostly below 100 long
    remarks: int = 500  # of one kind and host
    remark_total: int = 5_000  # of one source
    kept_name_bytes: int = 4 << 20  # of all files of use in one source: 20,000 names of 200 bytes
    links: int = 5_000  # under names of use, in one source
    link_bytes: int = 1 << 20

    # archives
    tar_note_bytes: int = 1 << 20  # one long name or pax header, extended attributes among it
    zip_directory_bytes: int = 2 << 20  # 20,000 members; a longer one is not loaded, the local headers are walked
    zip_held_bytes: int = 12 << 20  # of zips that cannot seek, nested ones together
    unpacking_bytes: int = 72 << 20  # windows of all open decoders as they fill: xz -9 has 64 MiB, -6 has 8
    attached_xz_bytes: int = 16 << 20  # to unpack what is attached to a mail: xz -6 takes 9 MiB
    zstd_window_bytes: int = 128 << 20  # what the zstd tool itself takes; a header may ask for 3.75 TiB
    reading_bytes: int = 74 << 20  # the same, and what is kept of one source while it is read
    folder_entries: int = 50_000  # of one folder of a directory
    nested_folders: int = 512  # one below the other; nothing of use stands deeper than 40

    # what a person may ask for
    seconds: int = 31_536_000  # --max-seconds, --timeout: a year; clocks take no more than some billions
    nesting: int = 32  # --max-nesting: each layer has a decoder and frames on the stack

    # facts
    fact_lines: int = 100_000  # of one fact: `sysctl -a` of 1,000 interfaces has 80,000
    fact_line_bytes: int = 32 << 10  # of one line; /proc/interrupts has 11 bytes for each CPU
    fact_pairs: int = 20_000  # lines of one `ethtool -S` or `netstat -s`; 128 queues have 10,000
    settings: int = 20_000  # sysctl values kept, of one host

    # logs
    line_headers: int = 2_000  # reports and SLUB blocks on one line of 64 KiB
    slub_blocks: int = 2_000  # of one log
    suppressed_lines: int = 20_000  # of one log

    # crash dumps
    core_notes: int = 4096  # NOTE segments looked at
    core_note_bytes: int = 4 << 20  # one note for each CPU, some 500 bytes each
    core_segments: int = 1 << 16
    flat_blocks: int = 1 << 20  # of a flattened dump: makedumpfile writes about one a MiB
    core_text_bytes: int = 4 << 20  # vmcore-dmesg.txt beside a core
    core_window_bytes: int = 8 << 20  # text found by searching an image

    # responses to insights-core, which drops one of more than 65,535 characters
    response_characters: int = 60_000
    response_base_characters: int = 50_000  # without its failures
    response_text_characters: int = 2_000  # one sentence
    response_groups: int = 100
    response_rows: int = 40  # of one list


BOUNDS = Bounds()
