"""All that scanning needs, loaded by being imported: once, in the server that children are forked from."""
from __future__ import annotations

from nopage.engine.lean import import_lean

import_lean()
import nopage.api  # noqa: E402
import nopage.fleet.engine.task  # noqa: E402
import nopage.fleet.store  # noqa: E402
import nopage.intake.archive  # noqa: E402
import nopage.intake.single  # noqa: E402

LOG = "swapper: page allocation failure. order:1, mode:0x20"
nopage.fleet.store.packed_result(nopage.api.diagnose_text(LOG))  # what is made at first use is made here
