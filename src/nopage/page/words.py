"""What the page itself says around the answer, in every language there is."""
from __future__ import annotations

from typing import Final

from nopage.kernel.message import Message, say

WORDS: Final[dict[str, Message]] = {
    "title": say("browser.title", "Why did the kernel say “page allocation failure”?"),
    "lead": say("browser.lead", "Paste the log, or drop files of one host. Nothing leaves this browser, nothing is "
                "stored; what runs here is nopage itself."),
    "log": say("browser.log", "Log, one line, a whole mail, or a mask such as 0x4020"),
    "files": say("browser.files", "Or files of one host: logs (.gz, .xz, .bz2), zoneinfo, buddyinfo, meminfo, "
                 "sysctl -a, ethtool"),
    "choose": say("browser.choose", "Choose files"),
    "more": say("browser.more", "{count} more of them", count="{count}"),
    "kernel": say("browser.kernel", "Kernel release, where the text does not name it"),
    "run": say("browser.run", "Diagnose"),
    "clear": say("browser.clear", "Clear"),
    "examples": say("browser.examples", "Examples:"),
    "example1": say("browser.example.jumbo", "RHEL 6, jumbo frames"),
    "example2": say("browser.example.receive", "RHEL 9, receive path"),
    "example3": say("browser.example.sleeping", "RHEL 8, the look-alike"),
    "language": say("browser.language", "Language"),
    "loading": say("browser.loading", "Python is being loaded, about 14 MB the first time ..."),
    "ready": say("browser.ready", "Ready; from here on it works without a network."),
    "working": say("browser.working", "Reading ..."),
    "done": say("browser.done", "Done in {seconds} s.", seconds="{seconds}"),
    "slow": say("browser.slow", "That took more than 20 s and was ended. Give a smaller piece, with the lines around "
                "“page allocation failure”, or use the command: nopage FILE"),
    "broken": say("browser.broken", "Python could not be loaded: {reason}. Reload the page, or use the command.",
                  reason="{reason}"),
    "failed": say("browser.failed", "That could not be read here ({reason}); Python is begun anew. Use the command for "
                  "it: nopage FILE", reason="{reason}"),
    "large": say("browser.large", "That is more than 1 GB, too much for a browser. Give the part around “page "
                 "allocation failure”, or use the command: nopage FILE"),
    "unread": say("browser.unread", "{name} could not be read by the browser: is it a folder, or was it changed?",
                  name="{name}"),
    "empty": say("browser.empty", "There is nothing to diagnose yet: paste something first."),
    "held": say("browser.held", "pasted text"),
    "remove": say("browser.remove", "remove {name}", name="{name}"),
    "answer": say("browser.tab.answer", "Answer"),
    "case": say("browser.tab.case", "Case comment"),
    "sysctl": say("browser.tab.sysctl", "sysctl.d"),
    "ansible": say("browser.tab.ansible", "Ansible"),
    "json": say("browser.tab.json", "JSON"),
    "tabs": say("browser.tabs", "The answer in several forms"),
    "copy": say("browser.copy", "Copy"),
    "copied": say("browser.copied", "Copied"),
    "download": say("browser.download", "Download"),
    "whatif": say("browser.what_if", "What if"),
    "whatifLead": say("browser.what_if.lead", "Other settings, tried on the state that the kernel printed: what the "
                      "same check would have said."),
    "reset": say("browser.reset", "As it is"),
    "cannot": say("browser.cannot", "What the page cannot do: archives, crash dumps and whole fleets. For these there "
                  "is the command."),
}
