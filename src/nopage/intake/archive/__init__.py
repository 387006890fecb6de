"""Plain bytes to members: the walks over tar, zip and directory, which all give `Member`s in the source's own order.

Each walk is loaded when a source needs it.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from nopage.intake.archive.member import FILE, FOLDER, HARDLINK, LINK, Member, normal
from nopage.kernel.lazy import lazily

if TYPE_CHECKING:
    from nopage.intake.archive.members import members_of
    from nopage.intake.archive.tar import walk_tar
    from nopage.intake.archive.walk import OpenFile, walk_directory

__all__ = [
    "FILE",
    "FOLDER",
    "HARDLINK",
    "LINK",
    "Member",
    "OpenFile",
    "members_of",
    "normal",
    "walk_directory",
    "walk_tar",
]
HOMES = {"OpenFile": "walk", "members_of": "members", "walk_directory": "walk", "walk_tar": "tar"}
__getattr__ = lazily(__name__, HOMES)
