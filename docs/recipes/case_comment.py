#!/usr/bin/env python3
"""An archive in, a comment for its support case out, once for what is new in this case.

    case_comment.py ARCHIVE --case ID --state DIR [--timeout S] [--post COMMAND]

The comment goes to standard output, or to the standard input of COMMAND with ID as its last argument. DIR remembers
which findings each case has been told. Status: 0 nothing (new) to say, 1 a comment was made, 3 a comment was made or
not, but the archive could not be read wholly, 4 an internal error of nopage, 5 COMMAND failed: nothing is remembered,
124 the time was over.
"""
from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nopage

NOTHING, COMMENT, WRONG, NOT_WHOLLY_READ, INTERNAL_ERROR, NOT_POSTED, TIMED_OUT = 0, 1, 2, 3, 4, 5, 124
GRACE_S = 10


def diagnosed(archive: str, seconds: float) -> tuple[int, list[nopage.Result]]:
    """The command's exit status and its results, a host each. Past `seconds` nopage ends by itself, or is ended."""
    command = [sys.executable, "-m", "nopage", "--format", "jsonl", f"--max-seconds={seconds}", "--", archive]
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, timeout=seconds * 1.5 + GRACE_S, check=False)
    except subprocess.TimeoutExpired:
        return TIMED_OUT, []
    if ended.returncode not in (NOTHING, COMMENT, NOT_WHOLLY_READ):
        return ended.returncode if ended.returncode > 0 else INTERNAL_ERROR, []
    return ended.returncode, [nopage.load(line) for line in ended.stdout.splitlines()]


def marks(case: str, result: nopage.Result) -> list[str]:
    """For each finding the name of a file that says that this case has been told of it on this host."""
    told = ("\0".join((case, result.host or "", finding.fingerprint)) for finding in result.findings)
    return [hashlib.sha256(one.encode(errors="replace")).hexdigest() for one in told]


def main(arguments: Sequence[str]) -> int:
    """Returns the exit status."""
    made = argparse.ArgumentParser(description="A comment for a support case out of an archive.")
    made.add_argument("archive")
    made.add_argument("--case", required=True)
    made.add_argument("--state", type=Path, required=True)
    made.add_argument("--timeout", type=float, default=900)
    made.add_argument("--post", action="append", default=[], help="a word of the command; repeat it for each word")
    wish = made.parse_args(arguments)
    wish.state.mkdir(parents=True, exist_ok=True)
    status, results = diagnosed(wish.archive, wish.timeout)
    if status not in (NOTHING, COMMENT, NOT_WHOLLY_READ):
        print(f"case_comment: nopage ended with status {status}", file=sys.stderr)
        return status
    told = [(result, marks(wish.case, result)) for result in results]
    new = [
        (result, names) for result, names in told
        if any(not (wish.state / name).exists() for name in names)
    ]
    if new:
        comment = nopage.render([result for result, _ in new], "case")
        if wish.post:
            posted = subprocess.run([*wish.post, wish.case], input=comment.encode(), timeout=wish.timeout, check=False)
            if posted.returncode:
                print(f"case_comment: the command ended with status {posted.returncode}", file=sys.stderr)
                return NOT_POSTED
        else:
            sys.stdout.write(comment)
            sys.stdout.flush()
        for name in (name for _, names in new for name in names):
            (wish.state / name).touch()  # only now: what was not told is told the next time
    if status == NOT_WHOLLY_READ:
        return NOT_WHOLLY_READ
    return COMMENT if new else NOTHING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
