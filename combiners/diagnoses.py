"""Diagnoses - why each failure happened, grouped by what they have in common

A signature is order, mode, cause and the asking call stack: a host that prints ten thousand reports has a handful.
"""
from __future__ import annotations

from insights.core.plugins import combiner

from nopage.combiners.failures import Failures
from nopage.combiners.memory import Memory
from nopage.diagnosis import picture


@combiner(Failures, optional=[Memory])
class Diagnoses(picture.Diagnoses):
    """Every failure diagnosed."""
