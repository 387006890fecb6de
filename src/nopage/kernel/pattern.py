"""`later()`: a regular expression that is compiled when it is first used.

For those that most runs never use: compiling all of them took a tenth of the time that a run takes to start.
"""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    later = re.compile
else:

    class later:
        """Stands for `re.compile(text, flags)`; its methods are those of the pattern."""

        def __init__(self, text, flags=0):
            self.pattern, self._flags = text, flags

        def __getattr__(self, name):
            """Asked once for each name: then the pattern's own stands in its place."""
            if name.startswith("_"):
                raise AttributeError(name)
            found = getattr(re.compile(self.pattern, self._flags), name)
            setattr(self, name, found)
            return found
