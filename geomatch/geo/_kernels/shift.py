"""The shifts of mainland maps, place by place: forward by the published formulas, back by their fixed point.

Degrees in and degrees out. At places without a value of the series, such as the poles, what comes of it is not kept.
"""

import math

from numba import njit

SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_PI = math.pi * 3000.0 / 180.0
BD_LON_SHIFT, BD_LAT_SHIFT = 0.0065, 0.006

SETTLED_DEG = 2e-10
"""Whoever moved by less in a pass is within 1e-6 m: a pass leaves at most a fiftieth of what the one before left."""
STEEP_DEG = 1e-9
"""So near to 105 E it leaves more: there the series has a root, which rises without bound."""
PASSES = 8
"""At most, and so many at 105 E; four are the rule."""

# West, south, east, north in degrees. The shift applies inside the first box, less boxes that hold no mainland ground.
SHIFTED_BOX = (72.004, 0.8293, 137.8347, 55.8271)
UNSHIFTED_BOXES = (
    (119.95, 21.70, 122.20, 25.40),  # Taiwan
    (113.83, 22.13, 114.40, 22.44),  # Hong Kong
    (113.53, 22.178, 113.565, 22.214),  # Macao, the peninsula
    (113.553, 22.105, 113.60, 22.178),  # Macao, Taipa and Coloane
    (124.60, 24.00, 137.8347, 39.80),  # Korea and Japan
    (131.50, 39.80, 137.8347, 44.60),  # the sea of Japan and Vladivostok
    (96.00, 44.00, 111.00, 55.8271),  # Mongolia and Siberia
    (72.004, 48.00, 85.00, 55.8271),  # Kazakhstan and Siberia
    (72.004, 0.8293, 97.00, 26.70),  # India, Bangladesh
    (72.004, 26.70, 88.50, 27.75),  # Nepal
    (72.004, 26.70, 78.30, 35.00),  # the north of India and Pakistan
    (72.004, 35.00, 73.40, 48.00),  # Tajikistan and the west of Kyrgyzstan
    (73.40, 42.30, 80.00, 48.00),  # Kyrgyzstan and the south-east of Kazakhstan
    (72.004, 0.8293, 107.90, 21.10),  # Indochina
    (117.00, 0.8293, 137.8347, 21.00),  # the Philippines
)


@njit(cache=True, nogil=True, inline="always")
def is_inside(lon, lat, box):
    """Tell whether a place is in a box; nowhere if it is no number."""
    return lon >= box[0] and lat >= box[1] and lon <= box[2] and lat <= box[3]


@njit(cache=True, nogil=True)
def is_shifted(lon, lat):
    """Tell whether mainland maps shift a place."""
    if not is_inside(lon, lat, SHIFTED_BOX):
        return False
    for box in UNSHIFTED_BOXES:  # noqa: SIM110 - numba has no any
        if is_inside(lon, lat, box):
            return False
    return True


@njit(cache=True, nogil=True, inline="always")
def doubled(sine, cosine):
    """Sine and cosine of twice the angle."""
    return 2.0 * sine * cosine, 1.0 - 2.0 * sine * sine


@njit(cache=True, nogil=True, inline="always")
def harmonics(turns):
    """sin(pi t) at t / 30, t / 12, t / 3, t, 2 t and 6 t, all from one sine and cosine by multiple angles."""
    base = turns * (math.pi / 60.0)
    sin_1, cos_1 = math.sin(base), math.cos(base)
    sin_2, cos_2 = doubled(sin_1, cos_1)
    sin_4, cos_4 = doubled(sin_2, cos_2)
    sin_5, cos_5 = sin_4 * cos_1 + cos_4 * sin_1, cos_4 * cos_1 - sin_4 * sin_1
    sin_10, cos_10 = doubled(sin_5, cos_5)
    sin_20, cos_20 = doubled(sin_10, cos_10)
    sin_60, cos_60 = sin_20 * (3.0 - 4.0 * sin_20 * sin_20), cos_20 * (4.0 * cos_20 * cos_20 - 3.0)
    sin_120 = 2.0 * sin_60 * cos_60
    return sin_2, sin_5, sin_20, sin_60, sin_120, sin_120 * (3.0 - 4.0 * sin_120 * sin_120)


@njit(cache=True, nogil=True, error_model="numpy")
def to_gcj02(lon, lat):
    """GCJ-02 of a WGS-84 place, as if it were on the mainland: a series of sines on the Krasovsky 1940 ellipsoid."""
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    sin_x30, sin_x12, sin_x3, sin_x, sin_2x, sin_6x = harmonics(x)
    sin_y30, sin_y12, sin_y3, sin_y, _, _ = harmonics(y)
    shared = 20.0 * (sin_6x + sin_2x)
    waves_north = shared + 20.0 * sin_y + 40.0 * sin_y3 + 160.0 * sin_y12 + 320.0 * sin_y30
    waves_east = shared + 20.0 * sin_x + 40.0 * sin_x3 + 150.0 * sin_x12 + 300.0 * sin_x30
    north_m = -100.0 + 2.0 * x + y * (3.0 + 0.2 * y + 0.1 * x) + 0.2 * root + waves_north * (2.0 / 3.0)
    east_m = 300.0 + x * (1.0 + 0.1 * x + 0.1 * y) + 2.0 * y + 0.1 * root + waves_east * (2.0 / 3.0)
    sin_lat = math.sin(math.radians(lat))
    flattening = 1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat
    prime_vertical_m = SEMI_MAJOR_M / math.sqrt(flattening)
    meridional_m = prime_vertical_m * (1.0 - ECCENTRICITY_SQUARED) / flattening
    cos_lat = math.sqrt(1.0 - sin_lat * sin_lat)
    return lon + math.degrees(east_m / (prime_vertical_m * cos_lat)), lat + math.degrees(north_m / meridional_m)


@njit(cache=True, nogil=True, error_model="numpy")
def gcj02_to_bd09(lon, lat):
    """BD-09 of a GCJ-02 place: the radius stretched, and turned by an angle so small that its series ends at once."""
    stretch = 1.0 + 2e-5 * math.sin(lat * BD_PI) / math.sqrt(lon * lon + lat * lat)
    angle = 3e-6 * math.cos(lon * BD_PI)
    cosine = 1.0 - 0.5 * angle * angle
    bd_lon = stretch * (lon * cosine - lat * angle) + BD_LON_SHIFT
    bd_lat = stretch * (lat * cosine + lon * angle) + BD_LAT_SHIFT
    return bd_lon, bd_lat


@njit(cache=True, nogil=True, error_model="numpy")
def from_gcj02(lon, lat):
    """The mainland place that `to_gcj02` takes to this one: it goes by what it is off, until it hardly moves."""
    at_lon, at_lat = lon, lat
    for _ in range(PASSES):
        there_lon, there_lat = to_gcj02(at_lon, at_lat)
        at_lon += lon - there_lon
        at_lat += lat - there_lat
        moved_deg = max(abs(lon - there_lon), abs(lat - there_lat))
        if moved_deg <= SETTLED_DEG and abs(at_lon - 105.0) > STEEP_DEG:
            break
    return at_lon, at_lat


@njit(cache=True, nogil=True, error_model="numpy")
def bd09_to_gcj02(lon, lat):
    """The place that `gcj02_to_bd09` takes to this one, found as in `from_gcj02`."""
    at_lon, at_lat = lon - BD_LON_SHIFT, lat - BD_LAT_SHIFT
    for _ in range(PASSES):
        there_lon, there_lat = gcj02_to_bd09(at_lon, at_lat)
        at_lon += lon - there_lon
        at_lat += lat - there_lat
        if max(abs(lon - there_lon), abs(lat - there_lat)) <= SETTLED_DEG:
            break
    return at_lon, at_lat


@njit(cache=True, nogil=True)
def are_shifted(lon, lat, shifted):
    """Whether mainland maps shift each place; lon, lat and what is found are (n,)."""
    for i in range(len(lon)):
        shifted[i] = is_shifted(lon[i], lat[i])


@njit(cache=True, nogil=True)
def turn(lon, lat, is_back, is_baidu):
    """Turn places, (n,), where they stand: WGS-84 into BD-09 (is_baidu) or GCJ-02, or from there (is_back)."""
    for i in range(len(lon)):
        at_lon, at_lat = lon[i], lat[i]
        if is_back:
            if is_baidu:
                at_lon, at_lat = bd09_to_gcj02(at_lon, at_lat)
            at_lon, at_lat = from_gcj02(at_lon, at_lat)
            if is_shifted(at_lon, at_lat):
                lon[i], lat[i] = at_lon, at_lat
        elif is_shifted(at_lon, at_lat):
            at_lon, at_lat = to_gcj02(at_lon, at_lat)
            if is_baidu:
                at_lon, at_lat = gcj02_to_bd09(at_lon, at_lat)
            lon[i], lat[i] = at_lon, at_lat
