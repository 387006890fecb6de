"""What a finding says, as id and parameters beside the English text: for translating, shortening and for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, field

from nopage.kernel.message import Message, Param, fill
from nopage.result.base import Fact


class Said(Fact, frozen=True):
    """One thing said. The ids and their parameters are listed in docs/messages.md."""

    id: Annotated[str, Meta(description="stable name of the sentence", examples=["cause.exhausted"])]
    text: Annotated[
        str, Meta(description="the sentence in English", examples=["One failure: nothing shows that it came back."])
    ]
    params: Annotated[
        dict[str, str | int | float | Said | list[str | int | float | Said | None] | None],
        Meta(description="its parameters by name; the name's ending is the unit; another message stands as an object"),
    ] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


Value = str | int | float | Said | list[str | int | float | Said | None] | None


def said(message: Message) -> Said:
    """A message of the pure floors as part of the result. What is nested in it is put into words once."""
    if not message.params:
        return Said(id=message.id, text=message.template)
    params = {name: value_of(value) for name, value in message.params}
    text = fill(message.template, {name: words_of(value) for name, value in params.items()})
    return Said(id=message.id, text=text, params=params)


def value_of(value: Param) -> Value:
    """A parameter as part of the result; what is nested deeper than a list becomes its text."""
    if isinstance(value, tuple):
        return [", ".join(map(str, one)) if isinstance(one, tuple) else single(one) for one in value]
    return single(value)


def single(value: str | int | float | Message | None) -> str | int | float | Said | None:
    """One parameter; null for a message that says nothing."""
    if isinstance(value, Message):
        return said(value) if value else None
    return value


def words_of(value: Value) -> Param:
    """The same as a template shows it: messages as their texts."""
    if isinstance(value, Said):
        return value.text
    return tuple(one.text if isinstance(one, Said) else one for one in value) if isinstance(value, list) else value


def said_all(messages: Iterable[Message]) -> tuple[Said, ...]:
    """The messages in order, each text once; those that say nothing left out."""
    told: dict[str, Said] = {}
    for message in messages:
        if message:
            one = said(message)
            told.setdefault(one.text, one)
    return tuple(told.values())


def texts(messages: Iterable[Message]) -> tuple[str, ...]:
    """Their English texts, in the same order and number as `said_all` gives them."""
    return tuple(dict.fromkeys(str(message) for message in messages if message))
