"""What the page itself says around the answer, in every language there is."""
from __future__ import annotations

from typing import Final

from nopage.kernel.message import Message, say

WORDS: Final[dict[str, Message]] = {
    "title": say("page.title", "Why did the kernel say “page allocation failure”?"),
    "lead": say("page.lead", "Paste the log, or drop files of one host. Nothing leaves this browser, nothing is "
                "stored; what runs here is nopage itself."),
    "log": say("page.log", "Log, one line, a whole mail, or a mask such as 0x4020"),
    "files": say("page.files", "Or files of one host: logs (.gz, .xz, .bz2), zoneinfo, buddyinfo, meminfo, sysctl -a, "
                 "ethtool"),
    "kernel": say("page.kernel", "Kernel release, where the text does not name it"),
    "run": say("page.run", "Diagnose"),
    "clear": say("page.clear", "Clear"),
    "examples": say("page.examples", "Examples:"),
    "example1": say("page.example.jumbo", "RHEL 6, jumbo frames"),
    "example2": say("page.example.receive", "RHEL 9, receive path"),
    "example3": say("page.example.sleeping", "RHEL 8, the look-alike"),
    "language": say("page.language", "Language"),
    "loading": say("page.loading", "Python is being loaded, about 14 MB the first time ..."),
    "ready": say("page.ready", "Ready; from here on it works without a network."),
    "working": say("page.working", "Reading ..."),
    "done": say("page.done", "Done in {seconds} s.", seconds="{seconds}"),
    "slow": say("page.slow", "That took more than 20 s and was ended. Give a smaller piece, with the lines around "
                "“page allocation failure”, or use the command: nopage FILE"),
    "broken": say("page.broken", "Python could not be loaded: {reason}. Reload the page, or use the command.",
                  reason="{reason}"),
    "empty": say("page.empty", "There is nothing to diagnose yet: paste something first."),
    "held": say("page.held", "pasted text"),
    "remove": say("page.remove", "remove {name}", name="{name}"),
    "answer": say("page.tab.answer", "Answer"),
    "case": say("page.tab.case", "Case comment"),
    "sysctl": say("page.tab.sysctl", "sysctl.d"),
    "ansible": say("page.tab.ansible", "Ansible"),
    "json": say("page.tab.json", "JSON"),
    "tabs": say("page.tabs", "The answer in several forms"),
    "copy": say("page.copy", "Copy"),
    "copied": say("page.copied", "Copied"),
    "download": say("page.download", "Download"),
    "whatif": say("page.what_if", "What if"),
    "whatifLead": say("page.what_if.lead", "Other settings, tried on the state that the kernel printed: what the same "
                      "check would have said."),
    "reset": say("page.reset", "As it is"),
    "cannot": say("page.cannot", "What the page cannot do: archives, crash dumps and whole fleets. For these there is "
                  "the command."),
}
