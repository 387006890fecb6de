"""What may stand in a field that Ansible templates or takes for a host pattern.

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


def inventory_host(name: object) -> str | None:
    """`name` if it can only mean one host, by its name in an inventory; else None."""
    if not isinstance(name, str) or _HOST.fullmatch(name) is None or name.lower() in _MANY_OR_HERE:
        return None
    return name


def is_plain_setting(name: object, value: object) -> bool:
    """Whether it is a tunable of vm and numbers, with nothing that a template or a shell would read otherwise."""
    plain_value = _VALUE.fullmatch(str(value)) is not None and not isinstance(value, bool)
    return isinstance(name, str) and _SETTING.fullmatch(name) is not None and plain_value
