"""The 4-ary heap of the walking kernels, for kernels of other rooms: compiled functions on two plain arrays."""

from __future__ import annotations

from geomatch.network._kernels.walk import drop_top, push

__all__ = ["drop_top", "push"]
