"""Two kinds of coordinates: maps in China show GCJ-02, shifted some hundred metres from the WGS-84 of a GPS receiver.

WeChat's location messages and wx.chooseLocation give GCJ-02 (platform pages 接收普通消息, wx.chooseLocation); we keep
WGS-84. The shift is the well-known published approximation; the way back is found by repeating the way there.
"""

import math

#: The ellipsoid of the shift: Krassowsky 1940, semi-major axis in metres and first eccentricity squared.
AXIS = 6378245.0
ECCENTRICITY = 0.00669342162296594323

Point = tuple[float, float]


def to_gcj02(point: Point) -> Point:
    """A WGS-84 (latitude, longitude) in degrees as maps in China show it; unchanged outside of China."""
    lat, lng = point
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347):
        return point
    x, y = lng - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    root = math.sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y / 30 * math.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    sine = math.sin(math.radians(lat))
    bend = 1 - ECCENTRICITY * sine * sine
    metres_north = AXIS * (1 - ECCENTRICITY) / (bend * math.sqrt(bend))
    metres_east = AXIS / math.sqrt(bend) * math.cos(math.radians(lat))
    return lat + math.degrees(north / metres_north), lng + math.degrees(east / metres_east)


def to_wgs84(point: Point) -> Point:
    """A GCJ-02 (latitude, longitude) in degrees as a GPS receiver gives it, to better than a centimetre."""
    guess = point
    for _ in range(6):
        there = to_gcj02(guess)
        guess = guess[0] + point[0] - there[0], guess[1] + point[1] - there[1]
    return guess
