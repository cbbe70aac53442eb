"""The district's outline and its mountains, drawn by hand as a few dozen rounded points (lon, lat)."""

from __future__ import annotations

from shapely.geometry import Polygon

from makers import plane

AREA_M2 = 430.9e6  # the sum of the townships

# Clockwise from the south-east corner: the built-up south, the mountain flank in the west, the plain in the north.
OUTLINE = (
    (116.336, 39.897), (116.318, 39.893), (116.296, 39.891), (116.272, 39.890), (116.253, 39.894),
    (116.248, 39.904), (116.246, 39.914), (116.236, 39.922), (116.226, 39.930), (116.215, 39.937),
    (116.206, 39.945), (116.194, 39.953), (116.186, 39.964), (116.178, 39.977), (116.167, 39.987),
    (116.161, 39.998), (116.155, 40.011), (116.142, 40.017), (116.127, 40.018), (116.113, 40.026),
    (116.102, 40.037), (116.090, 40.049), (116.073, 40.056), (116.057, 40.065), (116.048, 40.079),
    (116.051, 40.094), (116.060, 40.107), (116.073, 40.118), (116.089, 40.124), (116.105, 40.126),
    (116.122, 40.132), (116.140, 40.141), (116.160, 40.149), (116.182, 40.155), (116.204, 40.156),
    (116.221, 40.149), (116.233, 40.137), (116.241, 40.123), (116.251, 40.109), (116.266, 40.097),
    (116.282, 40.086), (116.298, 40.074), (116.314, 40.066), (116.332, 40.068), (116.350, 40.076),
    (116.367, 40.073), (116.380, 40.063), (116.386, 40.050), (116.384, 40.034), (116.376, 40.021),
    (116.371, 40.006), (116.372, 39.990), (116.370, 39.972), (116.368, 39.957), (116.362, 39.945),
    (116.350, 39.939), (116.336, 39.934), (116.330, 39.921), (116.334, 39.909),
)  # fmt: skip

# The ground above the foot of the hills: no streets, few paths, nobody lives there.
MOUNTAINS = {
    "西山": (
        (116.030, 40.150), (116.070, 40.135), (116.086, 40.121), (116.090, 40.106), (116.086, 40.093),
        (116.097, 40.082), (116.105, 40.069), (116.118, 40.061), (116.131, 40.056), (116.142, 40.046),
        (116.157, 40.038), (116.172, 40.030), (116.186, 40.026), (116.198, 40.017), (116.207, 40.008),
        (116.203, 39.998), (116.193, 39.992), (116.197, 39.983), (116.204, 39.976), (116.198, 39.967),
        (116.186, 39.960), (116.150, 39.950), (116.050, 40.010), (116.020, 40.080),
    ),
    "百望山": (
        (116.249, 40.046), (116.256, 40.047), (116.263, 40.041), (116.266, 40.031), (116.261, 40.023),
        (116.252, 40.022), (116.247, 40.031),
    ),
}  # fmt: skip


def district() -> Polygon:
    """Draw the district, pulled in all round by what the hand drew too large."""
    drawn = Polygon(plane.rounded(plane.to_xy(OUTLINE), closed=True))
    return drawn.buffer(-(drawn.area - AREA_M2) / drawn.length)


def mountains(within: Polygon) -> dict[str, Polygon]:
    """Draw the mountains inside the district."""
    shapes = {}
    for name, points in MOUNTAINS.items():
        shape = Polygon(plane.rounded(plane.to_xy(points), closed=True)).intersection(within)
        shapes[name] = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return shapes
