"""Plain bytes to members: the walks over tar, zip and directory, which all give `Member`s in the source's own order.

Each walk is loaded when a source needs it.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from nopage.intake.archive.member import FILE, FOLDER, HARDLINK, LINK, Member, normal

if TYPE_CHECKING:
    from nopage.intake.archive.members import members_of
    from nopage.intake.archive.tar import walk_tar
    from nopage.intake.archive.walk import OpenFile, walk_directory
else:

    def __getattr__(name: str) -> object:
        if name == "members_of":
            from nopage.intake.archive.members import members_of as found
        elif name == "walk_tar":
            from nopage.intake.archive.tar import walk_tar as found
        elif name == "walk_directory":
            from nopage.intake.archive.walk import walk_directory as found
        elif name == "OpenFile":
            from nopage.intake.archive.walk import OpenFile as found
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return found


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
