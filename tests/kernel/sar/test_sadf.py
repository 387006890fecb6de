"""The outputs of sadf."""
from __future__ import annotations

import json
from datetime import datetime

import pytest

from nopage.kernel.sar import read_sar

STATISTICS = {
    "timestamp": {"date": "2024-05-01", "time": "10:00:01", "utc": 1, "interval": 600},
    "paging": {"pgpgin": 1.0, "pgscank": 12.5, "pgscand": 0.5},
    "memory": {"memfree": 4096, "memused": 1},
    "swap-pages": {"pswpin": 0.0, "pswpout": 2.0},
    "network": {
        "net-dev": [{"iface": "lo", "rxkB": 9e9}, {"iface": "eth4", "rxkB": 1000000, "txkB": 500.0}],
        "net-edev": [{"iface": "eth4", "rxdrop": 3.5}],
    },
}


def test_json() -> None:
    (one,) = read_sar(json.dumps({"sysstat": {"hosts": [{"nodename": "db3", "statistics": [STATISTICS]}]}}))
    assert (one.begin, one.end, one.utc) == (datetime(2024, 5, 1, 9, 50, 1), datetime(2024, 5, 1, 10, 0, 1), True)
    assert one.values == {
        "kswapd_scanned_per_s": 12.5, "direct_scanned_per_s": 0.5, "free_kb": 4096, "swapped_out_per_s": 2.0,
    }  # fmt: skip
    assert one.interfaces == {"eth4": {"receive_mbps": 8192.0, "transmit_mbps": 4.096, "receive_dropped_per_s": 3.5}}


@pytest.mark.parametrize(
    "text",
    ['{"sysstat": {"hosts": [{"stat', '{"sysstat": []}', '{"sysstat": {"hosts": [{"statistics": [1, {}]}]}}',
     "{" * 50_000, '{"a":' * 50_000],
)  # fmt: skip
def test_json_that_is_none(text: str) -> None:
    assert read_sar(text) == ()


@pytest.mark.parametrize(("separator", "zone", "utc"), [(";", " UTC", True), (";", "", False), (",", " UTC", True)])
def test_lines(separator: str, zone: str, utc: bool) -> None:
    text = (
        "# hostname;interval;timestamp;IFACE;rxpck/s;txpck/s;rxkB/s;txkB/s\n"
        f"db3;600;2024-05-01 10:00:01{zone};eth4;1.00;1.00;1000000.00;500.00\n"
        f"db3;-1;2024-05-01 10:00:01{zone};LINUX-RESTART\n"
        "# hostname;interval;timestamp;kbmemfree;kbavail\n"
        f"db3;600;2024-05-01 10:00:01{zone};4096;1\n"
    ).replace(";", separator)
    (one,) = read_sar(text)
    assert (one.begin, one.end, one.utc) == (datetime(2024, 5, 1, 9, 50, 1), datetime(2024, 5, 1, 10, 0, 1), utc)
    assert one.interfaces == {"eth4": {"receive_mbps": 8192.0, "transmit_mbps": 4.096}}
    assert one.values == {"free_kb": 4096}
