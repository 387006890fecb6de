"""Intake: an archive, directory, log, core or live host -> named text streams. Bounded; nothing is written to disk.

`nopage.intake.collect` is the door; `nopage.intake.model` has the types it gives back.
"""
from __future__ import annotations
