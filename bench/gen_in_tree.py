"""Lists the network and storage modules of kernel trees: src/nopage/kernel/symbols/in_tree_*.py are its output.

    python bench/gen_in_tree.py network el4=TREE el5=TREE ... > src/nopage/kernel/symbols/in_tree_network.py
    python bench/gen_in_tree.py storage el4=TREE el5=TREE ... > src/nopage/kernel/symbols/in_tree_storage.py

Each TREE is an unpacked kernel source; only its Makefile, Kbuild and Kconfig files are read, and of these only the
names after `obj-$(CONFIG_X) +=` whose X is a tristate, i.e. can be a module. Nothing is fetched. A tree's own
Makefile tells its version, which the output states as its source. drivers/staging and the character sets are left
out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

# Folder -> what its modules drive; the longest that fits counts.
FOLDERS = {
    "drivers/net": "network",
    "net": "network",
    "drivers/infiniband": "network",
    "drivers/s390/net": "network",
    "drivers/usb/net": "network",
    "drivers/atm": "network",
    "net/sunrpc": "storage",
    "net/ceph": "storage",
    "drivers/infiniband/ulp/iser": "storage",
    "drivers/infiniband/ulp/isert": "storage",
    "drivers/infiniband/ulp/srp": "storage",
    "drivers/infiniband/ulp/srpt": "storage",
    "drivers/ata": "storage",
    "drivers/block": "storage",
    "drivers/cdrom": "storage",
    "drivers/dax": "storage",
    "drivers/ide": "storage",
    "drivers/md": "storage",
    "drivers/memstick": "storage",
    "drivers/message": "storage",
    "drivers/mmc": "storage",
    "drivers/mtd": "storage",
    "drivers/nvdimm": "storage",
    "drivers/nvme": "storage",
    "drivers/s390/block": "storage",
    "drivers/s390/scsi": "storage",
    "drivers/scsi": "storage",
    "drivers/target": "storage",
    "drivers/usb/storage": "storage",
    "block": "storage",
    "fs": "storage",
    "fs/nls": "",
}
# Single modules of folders that hold other things.
SINGLE = {
    "eth1394": "network",
    "firewire_net": "network",
    "mptlan": "network",
    "vhost_net": "network",
    "thunderbolt_net": "network",
    "firewire_sbp2": "storage",
    "sbp2": "storage",
    "vhost_scsi": "storage",
    "xen_scsiback": "storage",
}
NEITHER = re.compile(r"^binfmt_|_test$|_kunit|^test_")
OBJECTS = re.compile(r"^\s*obj-(?:m|\$[({]CONFIG_(\w+)[)}])\s*[:+]?=\s*(.*)$")
OPTION = re.compile(r"^\s*(?:menu)?config\s+(\w+)")
TRISTATE = re.compile(r"^\s+(?:def_|dep_)?tristate\b")
NUMBERS = re.compile(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)\s*=\s*(\S*)", re.MULTILINE)


def kind_of(folder: str, module: str) -> str:
    """What a module of a folder drives: "network", "storage" or "" for anything else."""
    if NEITHER.search(module):
        return ""
    if module in SINGLE:
        return SINGLE[module]
    fitting = [key for key in FOLDERS if folder == key or folder.startswith(f"{key}/")]
    return FOLDERS[max(fitting, key=len)] if fitting else ""


def tristates_of(tree: Path) -> set[str]:
    """The options of a tree that can be "m"."""
    found: set[str] = set()
    for file in tree.rglob("Kconfig*"):
        option = ""
        for line in file.read_text("utf-8", "replace").splitlines():
            match = OPTION.match(line)
            option = match[1] if match else option
            if option and TRISTATE.match(line):
                found.add(option)
    return found


def modules_of(text: str, tristates: set[str]) -> Iterator[str]:
    """The modules that one Makefile names, as the kernel prints them: "-" is "_"."""
    for line in text.replace("\\\n", " ").splitlines():
        match = OBJECTS.match(line.split("#", 1)[0])
        if match is None or (match[1] and match[1] not in tristates):
            continue
        for word in match[2].split():
            if word.endswith(".o") and "$" not in word and "/" not in word:
                yield word[:-2].replace("-", "_")


def read_tree(tree: Path) -> dict[str, str]:
    """Module -> kind of one kernel tree."""
    found: dict[str, str] = {}
    tristates = tristates_of(tree)
    for name in ("Makefile", "Kbuild"):
        for file in tree.rglob(name):
            folder = file.parent.relative_to(tree).as_posix()
            if folder.startswith(("Documentation", "drivers/staging", "samples", "scripts", "tools")):
                continue
            for module in modules_of(file.read_text("utf-8", "replace"), tristates):
                kind = kind_of(folder, module)
                if kind:
                    found.setdefault(module, kind)
    return found


def version_of(tree: Path) -> str:
    """The upstream version that the tree's own Makefile states."""
    told = dict(NUMBERS.findall((tree / "Makefile").read_text("utf-8", "replace")))
    return ".".join(told[key] for key in ("VERSION", "PATCHLEVEL", "SUBLEVEL") if told.get(key))


def rows(found: dict[str, dict[str, str]], kind: str) -> Iterator[tuple[str, list[str]]]:
    """Releases ("4 5 6") and the modules of one kind that exactly these have."""
    grouped: dict[str, list[str]] = {}
    for module in sorted({name for modules in found.values() for name in modules}):
        having = " ".join(release[2:] for release, modules in found.items() if modules.get(module) == kind)
        if having:
            grouped.setdefault(having, []).append(module)
    yield from sorted(grouped.items(), key=lambda row: [int(number) for number in row[0].split()])


def main(arguments: Sequence[str]) -> None:
    """Print the module of one kind."""
    kind = arguments[0]
    trees = {name: Path(path) for name, _, path in (argument.partition("=") for argument in arguments[1:])}
    sources = ", ".join(f"{name[2:]}: {version_of(tree)}" for name, tree in trees.items())
    print(f'''"""Names of the {kind} modules in the kernel tree of each major release. Generated; do not edit.

Source: Makefile, Kbuild and Kconfig files of Red Hat's kernels, read by bench/gen_in_tree.py
({sources}).
Names only, as the kernel prints them: "-" is "_". A row: the major releases whose tree has them, the names.
"""
from __future__ import annotations

ROWS: tuple[tuple[str, str], ...] = (''')
    for having, modules in rows({name: read_tree(tree) for name, tree in trees.items()}, kind):
        print(f'    ("{having}",')
        lines = wrap(" ".join(modules), 111, break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate(lines, 1):
            print(f'     "{line}"),' if number == len(lines) else f'     "{line} "')
    print(")")


if __name__ == "__main__":
    main(sys.argv[1:])
