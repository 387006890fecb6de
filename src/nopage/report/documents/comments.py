"""What the comments say of files that a host obeys; names of tasks and of variables are the files' own and English."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from nopage.kernel.message import say
from nopage.report.documents.settings import Setting
from nopage.report.speaker import Speaker
from nopage.version import __version__


def comments_of(speak: Speaker) -> SimpleNamespace:
    """All of them in one language."""

    def source(name: str) -> str:
        return speak(say("comment.source", "from {name}", name=name))

    def before(one: Setting) -> str:
        command = f'sysctl -w {one.name}="{one.before}"'
        return speak(say("comment.before", "Before: {setting} = {value}; way back: {command}", setting=one.name,
                         value=str(one.before), command=command))

    def not_collected(one: Setting) -> str:
        return speak(say("comment.not_collected",
                         "Its value before was not collected: note it down first ({command}).",
                         command=f"sysctl {one.name}"))

    def change_line(one: Setting) -> str:
        return speak(say("comment.change_line",
                         "{file} sets it already and wins at boot: put the value into its line there.", file=one.file))

    def belongs(one: Setting) -> str:
        return speak(say("comment.belongs", "It belongs into {file}.", file=one.file))

    def profile(one: Setting) -> str:
        return speak(say("comment.profile", "tuned sets it whenever it starts, after every sysctl file: it belongs "
                         "into [sysctl] of {file}.", file=one.file))

    def not_done_by_file(what: str) -> str:
        return speak(say("comment.not_done.file", "Not done by this file: {what}", what=what))

    def not_done_by_play(what: str) -> str:
        return speak(say("comment.not_done.play", "Not done by this play: {what}", what=what))

    def only_later(setting: str, value: object) -> str:
        return speak(say("comment.later", "Only if it comes back: {setting} = {value}", setting=setting,
                         value=str(value)))

    def only_later_play(setting: str, value: object) -> str:
        return speak(say("comment.later.play",
                         "Only if it comes back, and not done by this play: {setting} = {value}", setting=setting,
                         value=str(value)))

    def no_name(unnamed_host: str) -> str:
        return speak(say("comment.no_name", "The source tells no name that a play may be aimed at. Write the host's "
                         "inventory name in place of {unnamed_host}: as it stands it matches no host, so nothing is "
                         "changed anywhere.", unnamed_host=unnamed_host))

    told: dict[str, Any] = {
        "title": speak(say("comment.title", "nopage {version}: memory settings", version=__version__)),
        "look_first": speak(say("comment.look_first",
                                "A tuned profile may set it again when tuned starts: look there first.")),
        "nothing": speak(say("comment.nothing", "No setting to change.")),
        "collections": speak(say("comment.collections", "Collections: none. Every module is of ansible.builtin, which "
                                 "is part of ansible-core (2.10 or later).")),
    }
    functions = (source, before, not_collected, change_line, belongs, profile, not_done_by_file, not_done_by_play,
                 only_later, only_later_play, no_name)
    return SimpleNamespace(**told, **{one.__name__: one for one in functions})
