"""Intake: an archive, directory, log, core or live host -> named text streams. Bounded; nothing is written to disk.

`nopage.intake.collect` is the door, `nopage.intake.ahead` the same in a process of its own; `nopage.intake.model` has
the types they give back. Behind it: `way` leads through the rooms `unpack`, `archive`, `hosts` and `search`.
"""
from __future__ import annotations
