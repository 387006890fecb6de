"""What a file or folder is, told by names: a source, an unpacked report, or neither."""
from __future__ import annotations

import re
from collections.abc import Set

from nopage.intake.sources import CORE_NAME, LOOSE_LOG, SOS_NAME, STRONG

ARCHIVE = re.compile(r"\.(?:tar|tgz|txz|tbz2?|tzst|zip)(?:\.(?:gz|xz|bz2|zst|lzma|lz4))?\Z", re.IGNORECASE)
# Beside an archive: its checksum, its signature, an upload that is not at its end.
BESIDE = re.compile(
    r"\.(?:md5|sha1|sha256|sha512|sum|asc|sig|gpg|part|partial|tmp|crdownload|json|html?|py|md)\Z", re.IGNORECASE
)
TREE_OF_A_HOST = frozenset({"proc", "etc", "var", "sys"})


class SourcesError(Exception):
    """What is to be scanned cannot be found out. `str()` is one line for a person."""


def is_source(name: str) -> bool:
    """A file's name (without its folder) is that of an archive, a log or a crash dump."""
    if name.startswith(".") or BESIDE.search(name):
        return False
    return bool(ARCHIVE.search(name) or SOS_NAME.match(name) or CORE_NAME.match(name) or LOOSE_LOG.match(name))


def is_tree(names: Set[str]) -> bool:
    """A folder with these names in it is one source: an unpacked report, or the folder of a crash."""
    return bool(names & STRONG) or len(names & TREE_OF_A_HOST) > 1 or any(map(CORE_NAME.match, names))
