"""The shift between map and receiver: known pairs, there and back."""

import pytest

from app.rules.coordinates import to_gcj02, to_wgs84
from app.rules.locate import metres

#: WGS-84 and GCJ-02 of the same spots, as published with the common open implementations.
PAIRS = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("receiver", "chart"), PAIRS)
def test_known_pairs(receiver, chart):
    assert metres(to_gcj02(receiver), chart) < 0.01
    assert metres(to_wgs84(chart), receiver) < 0.01


def test_outside_of_china_nothing_is_shifted():
    assert to_gcj02((48.8566, 2.3522)) == (48.8566, 2.3522)
    assert to_wgs84((48.8566, 2.3522)) == (48.8566, 2.3522)


def test_the_shift_matters_at_a_door():
    home = (34.7820, 114.3610)
    assert 300 < metres(to_gcj02(home), home) < 900
    assert metres(to_wgs84(to_gcj02(home)), home) < 0.01
