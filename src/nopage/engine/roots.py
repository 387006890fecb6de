"""What may be read on behalf of others: files and directories below given ones, and objects below given URLs."""
from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from urllib.parse import unquote

from nopage.intake.collect import URL
from nopage.intake.model import SourceError
from nopage.intake.reader import error_text
from nopage.kernel.plain import plain

MOST_CHARACTERS = 4096  # PATH_MAX


class Roots:
    """Which paths and URLs may be read. Raises SourceError for a root that is no directory and no URL."""

    def __init__(self, roots: Iterable[str]) -> None:
        self._folders: list[str] = []
        self._urls: list[str] = []
        for root in roots:
            if URL.match(root):
                self._urls.append(root.rstrip("/") + "/")
                continue
            try:
                real = os.path.realpath(root, strict=True)
            except (OSError, ValueError) as error:
                reason = error_text(error) if isinstance(error, OSError) else "is no path"
                raise SourceError(root, f"cannot be a root: {reason}") from error
            if not os.path.isdir(real):
                raise SourceError(root, "cannot be a root: is no directory")
            self._folders.append(real)

    @property
    def words(self) -> str:
        """Them all, for a person."""
        return ", ".join(map(plain, (*self._folders, *self._urls)))

    def resolved(self, path: str) -> str:
        """The path without links, or the URL. A relative path is below the first root that has it.

        Raises SourceError where it leads out of the roots, or is no file and no directory. Directories are read without
        following links that stand in them.
        """
        if len(path) > MOST_CHARACTERS:
            raise SourceError(path[:80] + "...", "is too long for a path")
        if not path or "\0" in path:
            raise SourceError(path, "is no path")
        if URL.match(path):
            return self._url(path)
        if ".." in path.split("/"):
            raise SourceError(path, "has '..' in it; name the path itself")
        missing: OSError | None = None
        leads_out = False
        for folder in self._folders:
            joined = os.path.join(folder, path)
            try:
                real = os.path.realpath(joined, strict=True)
                if self._holds(real):
                    return _readable(path, real)
                leads_out = True
            except UnicodeEncodeError as error:
                raise SourceError(path, "is no path") from error
            except OSError as error:
                missing = error
                leads_out = leads_out or not self._holds(os.path.realpath(joined))
        if missing is None or leads_out:  # whether there is something elsewhere is not told
            raise SourceError(path, self._outside)
        raise SourceError(path, f"cannot be read: {error_text(missing)}")

    @property
    def _outside(self) -> str:
        return f"is not below what may be read here: {self.words}"

    def _holds(self, real: str) -> bool:
        return any(real == folder or real.startswith(folder.rstrip("/") + "/") for folder in self._folders)

    def _url(self, url: str) -> str:
        parts = unquote(unquote(url)).split("/")
        if any(url.startswith(root) for root in self._urls) and "::" not in url and not {"..", "."} & set(parts):
            return url
        raise SourceError(url, self._outside)


def _readable(path: str, real: str) -> str:
    mode = os.stat(real).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise SourceError(path, "is a device, socket or pipe, no file")
    return real
