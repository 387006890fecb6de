"""All that scanning needs, loaded by being imported: once, in the server that children are forked from."""
from __future__ import annotations

from nopage.engine.lean import import_lean

import_lean()
from nopage.api import diagnose_text  # noqa: E402
from nopage.fleet.engine.task import scan_one  # noqa: E402, F401
from nopage.fleet.store import packed_result  # noqa: E402
from nopage.intake.archive import members_of  # noqa: E402, F401
from nopage.intake.single import single  # noqa: E402, F401

# What is made at first use is made here.
packed_result(diagnose_text("swapper: page allocation failure. order:1, mode:0x20"))
