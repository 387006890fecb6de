"""What a module of a call trace drives, and whether it is one of the kernel's own."""
from __future__ import annotations

from functools import lru_cache

from nopage.kernel.pattern import later
from nopage.kernel.symbols.drivers import (
    FOREIGN_NETWORK,
    FOREIGN_STORAGE,
    NETWORK_MODULES,
    STORAGE_MODULES,
    STORAGE_PREFIXES,
    SYMBOL_PREFIXES,
    THIRD_PARTY_MODULES,
    THIRD_PARTY_PREFIXES,
)

NETWORK_KIND, STORAGE_KIND = "network", "storage"

_DRIVERS = frozenset(SYMBOL_PREFIXES.values())
# Families of the kernel's own modules that drive neither.
_OWN = later(
    r"^(?:snd|usb(?:core|hid|serial)?|[eoux]hci|ipmi|drm|i915|nouveau|amdgpu|radeon|kvm|hid|i2c|mei|mhi|vfio|edac|intel|acpi"
    r"|hv|vmw|virtio|xen|balloon|crypto|aesni|ghash|sha\d*|zstd|lzo|tpm|input|pcspkr|joydev|vhost|watchdog|iTCO|dca|ioat|qdio"
    r"|ioatdma|cdc_acm|serial|8250|uart|pl2303|ftdi_sio|cp210x|ch341|option|qcserial|usbmon|usblp|usbtest|spi|gpio|pinctrl|rtc"
    r"|hwmon|ttm|ast|mgag200|qxl|bochs|cirrus|gma500|vmwgfx|udl|media|videodev|videobuf\d?|videobuf2|uvcvideo|dvb|rc|cec|amdkfd|xe"
    r"|msr|cpuid|efivarfs|efi|pstore|configfs|fpga|uio|psmouse|evdev|uinput|pps|ptp|thermal|soundcore|ac97|iommu"
    r"|binfmt|nls|hyperv|irqbypass|mdev|lpc|dcdbas|hpilo|hpwdt|coretemp|wmi|dell|hp|bt(?:usb|rtl|intel|bcm|mtk)|parport|ppdev|lp"
    r"|lib(?:crc32c|sha\w*|aes|des)|cr(?:c|yp)\w*|lrw|gf128mul|glue|ablk|ecb|cbc|arc4|ccm|gcm|lz4|zlib|nfit|cxl|nvram|rng|hwrng"
    r"|pkey|zcrypt|dmatest|serio|i8042|\w+_edac|pseries|powernv|ibmpowernv)(?:_|$)"
)


def plain(module: str) -> str:
    """The name as the kernel prints it: a file xen-netfront.ko is the module xen_netfront."""
    return module.replace("-", "_")


@lru_cache(maxsize=1)
def _trees() -> dict[str, tuple[str, frozenset[str]]]:
    """Module -> what it drives and the generations whose tree has it; read when first asked for."""
    from nopage.kernel.symbols import in_tree_network, in_tree_storage

    found: dict[str, tuple[str, frozenset[str]]] = {}
    for kind, rows in ((NETWORK_KIND, in_tree_network.ROWS), (STORAGE_KIND, in_tree_storage.ROWS)):
        for releases, names in rows:
            generations = frozenset(f"el{number}" for number in releases.split())
            for name in names.split():
                before = found.get(name)
                found[name] = (kind, generations | before[1]) if before else (kind, generations)
    return found


def kind_of_module(module: str | None) -> str:
    """"network", "storage" or "" for any other and for none."""
    if module is None:
        return ""
    name = plain(module)
    if name in NETWORK_MODULES or name in FOREIGN_NETWORK:
        return NETWORK_KIND
    if name in STORAGE_MODULES or name in FOREIGN_STORAGE:
        return STORAGE_KIND
    tree = _trees().get(name)
    if tree:
        return tree[0]
    return STORAGE_KIND if name.startswith(STORAGE_PREFIXES) else ""


def is_in_tree(module: str, generation: str | None = None) -> bool:
    """Whether the kernel of a generation ("el4" to "el10", None for any) has such a network or storage module."""
    name = plain(module)
    tree = _trees().get(name)
    if tree is not None:
        return generation is None or generation in tree[1]
    return name in NETWORK_MODULES or name in STORAGE_MODULES or name in _DRIVERS or _OWN.match(name) is not None


def drives_neither(module: str) -> bool:
    """Whether a module is known to drive neither the network nor storage: display, sound, consoles, scanners, ..."""
    if kind_of_module(module):
        return False
    return _OWN.match(plain(module)) is not None or is_third_party(module)


def is_third_party(module: str) -> bool:
    """Whether a module is known to come from elsewhere, on every release."""
    name = plain(module)
    return name in THIRD_PARTY_MODULES or name.startswith(THIRD_PARTY_PREFIXES)
