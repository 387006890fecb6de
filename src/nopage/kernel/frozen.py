"""`dataclass`: the standard library's, quicker to make where it is frozen and has slots, as the types of facts are.

The standard library compiles six methods for each such class, which for a hundred classes took a third of the time
that a run takes to start. Here a class gets an `__init__` of its own and shares the rest.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from operator import attrgetter

    def dataclass(kind=None, /, *, frozen=False, slots=False):
        """The decorator; what the classes do is told by tests/kernel/test_frozen.py, beside the standard library's."""
        if kind is None:
            return lambda kind: dataclass(kind, frozen=frozen, slots=slots)
        if not (frozen and slots):
            return dataclasses.dataclass(kind, frozen=frozen, slots=slots)
        for method in _SHARED:
            setattr(kind, method.__name__, method)
        made = dataclasses.dataclass(kind, init=False, repr=False, eq=False, slots=True)
        fields = dataclasses.fields(made)
        made.__init__ = _init(made.__qualname__, fields)
        compared = [field.name for field in fields if field.compare]
        made._compared = staticmethod(attrgetter(*compared) if compared else lambda fact: ())
        return made

    def _init(qualname, fields):
        """An `__init__` that sets these fields, past the `__setattr__` of the class."""
        names = {"_assign": object.__setattr__, "_MISSING": dataclasses.MISSING}
        taken, body = ["self"], []
        for field in fields:
            name, default = field.name, f"_default_{field.name}"
            if field.default is not dataclasses.MISSING:
                names[default] = field.default
                taken.append(f"{name}={default}")
            elif field.default_factory is not dataclasses.MISSING:
                names[default] = field.default_factory
                taken.append(f"{name}=_MISSING")
                body.append(f"    if {name} is _MISSING: {name} = {default}()")
            else:
                taken.append(name)
            body.append(f"    _assign(self, {name!r}, {name})")
        exec("\n".join([f"def __init__({', '.join(taken)}):", "    pass", *body]), names)
        made = names["__init__"]
        made.__qualname__ = f"{qualname}.__init__"
        return made

    def __eq__(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._compared(self) == self._compared(other)

    def __hash__(self):
        return hash(self._compared(self))

    def __repr__(self):
        shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self))
        return f"{self.__class__.__qualname__}({shown})"

    def __setattr__(self, name, value):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self):
        return [getattr(self, field.name) for field in dataclasses.fields(self)]

    def __setstate__(self, state):
        for field, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, field.name, value)

    _SHARED = (__eq__, __hash__, __repr__, __setattr__, __delattr__, __getstate__, __setstate__)
