"""Figures for Prometheus.

One worker process counts for itself. Where PROMETHEUS_MULTIPROC_DIR names an empty folder, prometheus_client keeps the
counts of all workers there and any worker tells the sum; without it every figure carries the pid of the worker that
happened to answer, so that a scraper never mixes two workers' counters.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from geomatch.web.served import Served

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Metrics:
    """The counters of one app; cheap to feed, and read only by /metrics."""

    def __init__(self, served: Served) -> None:
        self._shared = "PROMETHEUS_MULTIPROC_DIR" in os.environ
        self._registry = CollectorRegistry()
        self._regions = CollectorRegistry()
        self._regions.register(_RegionFigures(served))
        worker = () if self._shared else ("worker",)
        self._requests = Counter(
            "geomatch_http_requests",
            "Requests answered.",
            ["route", "method", "status", *worker],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "geomatch_http_request_seconds",
            "Seconds from the request to the headers of its answer.",
            ["route", *worker],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._children: dict[tuple[str, str, str], tuple[Any, Any]] = {}

    def count(self, route: str, method: str, status: str, seconds: float) -> None:
        """Count one answer."""
        key = (route, method if method in _METHODS else "other", status)
        pair = self._children.get(key)
        if pair is None:
            worker = () if self._shared else (str(os.getpid()),)
            pair = self._requests.labels(*key, *worker), self._seconds.labels(route, *worker)
            self._children[key] = pair
        pair[0].inc()
        pair[1].observe(seconds)

    def text(self) -> bytes:
        """Tell everything in the text form of Prometheus."""
        counts = self._registry
        if self._shared:
            counts = CollectorRegistry()
            MultiProcessCollector(counts)  # type: ignore[no-untyped-call] # prometheus_client leaves it so
        return generate_latest(counts) + generate_latest(self._regions)


class _RegionFigures(Collector):
    """What the regions hold, read when asked: the same in every worker, so nothing needs to be shared."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def collect(self) -> Iterator[Metric]:
        regions = self._served.regions
        yield GaugeMetricFamily("geomatch_regions", "Regions that are open.", len(regions))
        sites = GaugeMetricFamily("geomatch_region_sites", "Sites by kind.", labels=["region", "kind"])
        people = GaugeMetricFamily("geomatch_region_population", "People who live in a region.", labels=["region"])
        for summary in (region.summary() for region in regions):
            people.add_metric([summary.id], summary.population)
            for kind, count in summary.counts.items():
                sites.add_metric([summary.id, kind], count)
        yield sites
        yield people
