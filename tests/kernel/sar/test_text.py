"""The text of sar: sections, units, restarts, midnight."""
from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from nopage.kernel.sar import Interval, read_sar

HEAD = "Linux 2.6.32-358.el6.x86_64 (stor7.example.com) \t02/14/2012 \t_x86_64_\t(8 CPU)\n\n"
PAGING = "{}  pgpgin/s pgpgout/s   fault/s  majflt/s  pgfree/s pgscank/s pgscand/s pgsteal/s    %vmeff\n"
DEVICES = "{}     IFACE   rxpck/s   txpck/s    rxkB/s    txkB/s   rxcmp/s   txcmp/s  rxmcst/s\n"
OLD_DEVICES = "{}     IFACE   rxpck/s   txpck/s   rxbyt/s   txbyt/s   rxcmp/s   txcmp/s  rxmcst/s\n"
ERRORS = "{}     IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s\n"
MEMORY = "{} kbmemfree kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit\n"


def read(text: str, name: str = "") -> list[Interval]:
    return list(read_sar(HEAD + text, name))


def test_sections_of_one_interval_come_together() -> None:
    (one,) = read(
        PAGING.format("12:00:01 AM")
        + "12:10:01 AM   1.00  2.00  3.00  0.00  400.00  1520.50  6.25  0.00  0.00\n"
        + "Average:      1.00  2.00  3.00  0.00  400.00  1520.50  6.25  0.00  0.00\n\n"
        + MEMORY.format("12:00:01 AM")
        + "12:10:01 AM   81234  16000000  99.50  1  2  3  4.00\n\n"
        + DEVICES.format("12:00:01 AM")
        + "12:10:01 AM    lo  1.00 1.00 99999.00 99999.00 0.00 0.00 0.00\n"
        + "12:10:01 AM  eth4  1.00 1.00 1000000.00 500.00 0.00 0.00 0.00\n\n"
        + ERRORS.format("12:00:01 AM")
        + "12:10:01 AM  eth4  0.00 0.00 0.00 3.50 0.00 0.00 0.00 0.25 0.00\n"
    )
    assert (one.begin, one.end) == (datetime(2012, 2, 14, 0, 0, 1), datetime(2012, 2, 14, 0, 10, 1))
    assert one.seconds == 600
    assert one.values == {"kswapd_scanned_per_s": 1520.5, "direct_scanned_per_s": 6.25, "free_kb": 81234}
    assert list(one.interfaces) == ["eth4"]
    assert one.interfaces["eth4"] == {
        "receive_mbps": 8192.0, "transmit_mbps": 4.096, "receive_dropped_per_s": 3.5, "receive_fifo_per_s": 0.25,
    }  # fmt: skip


def test_bytes_of_old_versions() -> None:
    (one,) = read(OLD_DEVICES.format("18:00:01") + "18:10:01  eth0  1.00 1.00 125000000.00 1250000.00 0.00 0.00 0.00\n")
    assert one.interfaces["eth0"] == {"receive_mbps": 1000.0, "transmit_mbps": 10.0}


def test_a_restart_begins_an_interval_anew_and_the_last_line_is_of_midnight() -> None:
    row = " eth0  1.00 1.00 1.00 1.00 0.00 0.00 0.00\n"
    found = read(
        DEVICES.format("12:00:01 AM") + "12:10:01 AM" + row + "\n06:12:13 PM  LINUX RESTART\n\n"
        + DEVICES.format("06:20:01 PM") + "06:30:01 PM" + row + "12:00:01 AM" + row
    )  # fmt: skip
    assert [(one.begin, one.end) for one in found] == [
        (datetime(2012, 2, 14, 0, 0, 1), datetime(2012, 2, 14, 0, 10, 1)),
        (datetime(2012, 2, 14, 18, 20, 1), datetime(2012, 2, 14, 18, 30, 1)),
        (datetime(2012, 2, 14, 18, 30, 1), datetime(2012, 2, 15, 0, 0, 1)),
    ]


def test_a_section_after_one_that_ended_at_midnight_is_of_the_day() -> None:
    row = "  1.00 2.00 3.00 0.00 4.00 5.00 6.00 0.00 0.00\n"
    head = PAGING.format("00:00:01")
    text = head + "23:50:01" + row + "00:00:01" + row + "\n" + head + "00:10:01" + row
    assert [one.end for one in read(text)] == [
        datetime(2012, 2, 14, 0, 10, 1), datetime(2012, 2, 14, 23, 50, 1), datetime(2012, 2, 15, 0, 0, 1),
    ]  # fmt: skip


def test_a_day_that_is_not_wanted_is_not_read() -> None:
    text = HEAD + PAGING.format("00:00:01") + "00:10:01  1.00 2.00 3.00 0.00 4.00 5.00 6.00 0.00 0.00\n"
    assert len(read_sar(text)) == 1
    assert read_sar(text, wanted=lambda _day: False) == ()


def test_lines_that_cannot_be_read_are_passed_over() -> None:
    assert read(PAGING.format("00:00:01") + "00:10:01  1.00\n00:20:01  a b c d e f g h i\n99:00:00 1 2\n") == []
    assert read_sar("00:10:01  1.00\n") == ()


@given(st.text(alphabet="0123456789:. AMPLinuxIFACE/skB\n;{}[]\"#hostname", max_size=400))
def test_no_text_raises(text: str) -> None:
    read_sar(text)
    read_sar(HEAD + text)
    read_sar("{" + text)
    read_sar("# hostname;interval;timestamp;IFACE;rxkB/s\n" + text)
