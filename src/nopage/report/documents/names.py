"""What may stand in a field that Ansible templates or takes for a host pattern, in a command, or for a file's name.

`hosts:`, `name:` and module arguments are templated on the control node, where `{{ lookup('pipe', ...) }}` runs a
command; `hosts:` is a pattern besides (`*`, `~regex`, `web1:&prod`, `all`). Names come from archives: hostile.
"""
from __future__ import annotations

import re
from typing import Final

UNNAMED_HOST: Final = "nopage_host_not_named"  # matches no host, so that such a play does nothing

_HOST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}", re.ASCII)  # 253: the longest DNS name
# Ansible's groups of every host, and its implicit local host: the control node itself.
_MANY_OR_HERE: Final = frozenset(("all", "ungrouped", "localhost", "localhost.localdomain", "127.0.0.1"))
_SETTING: Final = re.compile(r"vm\.[a-z_]{1,64}", re.ASCII)
_VALUE: Final = re.compile(r"[0-9]{1,20}(?: [0-9]{1,20}){0,15}", re.ASCII)
_NAME: Final = r"[A-Za-z0-9_+-][A-Za-z0-9_.+-]{0,80}"
_SYSCTL_FILE: Final = re.compile(
    rf"/etc/(?:sysctl\.conf|sysctl\.d/{_NAME}|tune-profiles/{_NAME}/sysctl\.ktune)", re.ASCII
)
_PROFILE_FILE: Final = re.compile(rf"/etc/tuned/(?:profiles/)?{_NAME}/tuned\.conf", re.ASCII)
_PROFILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}", re.ASCII)


def inventory_host(name: object) -> str | None:
    """`name` if it can only mean one host, by its name in an inventory; else None."""
    if not isinstance(name, str) or _HOST.fullmatch(name) is None or name.lower() in _MANY_OR_HERE:
        return None
    return name


def is_plain_setting(name: object, value: object) -> bool:
    """Whether it is a tunable of vm and numbers, with nothing that a template or a shell would read otherwise."""
    return isinstance(name, str) and _SETTING.fullmatch(name) is not None and is_plain_value(value)


def is_plain_value(value: object) -> bool:
    """Whether it is numbers with single blanks between."""
    return not isinstance(value, bool) and _VALUE.fullmatch(str(value)) is not None


def is_sysctl_file(name: str) -> bool:
    """Whether it is a file of settings that the host's owner keeps."""
    return _SYSCTL_FILE.fullmatch(name) is not None


def is_profile_file(name: str) -> bool:
    """Whether it is the file of a tuned profile that the host's owner keeps."""
    return _PROFILE_FILE.fullmatch(name) is not None


def is_profile(name: str) -> bool:
    """Whether it can be the name of a tuned profile and nothing else."""
    return _PROFILE.fullmatch(name) is not None
