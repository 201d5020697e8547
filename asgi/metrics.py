"""Figures for Prometheus: read from those who hold them when somebody asks, so that counting costs nothing.

A request for the figures reaches any one of a server's worker processes. So each leaves its own in a folder every
few seconds, and whoever is asked tells its own as they are and the others' as they left them, apart by the label
`worker`.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

LEFT_EVERY = timedelta(seconds=5)
GONE_SECONDS = 4 * LEFT_EVERY.total_seconds()
"""A worker that has left nothing for so long has ended."""

SUFFIX = ".prom"
WORKER = "worker"
Read = Callable[[], float]
Family = type[CounterMetricFamily] | type[GaugeMetricFamily]


@dataclass
class _Figure:
    """One figure of a name, in as many readings as there are values of its labels."""

    family: Family
    about: str
    readings: list[tuple[Mapping[str, str], Read]] = field(default_factory=list)


class Metrics(Collector):
    """The figures of one process; `folder` is where the workers of one server leave theirs for each other."""

    def __init__(self, folder: Path, worker: int | None = None) -> None:
        """`worker`: the process id, unless given."""
        self._folder = folder
        self._worker = worker or os.getpid()
        self._own = folder / f"{socket.gethostname()}-{self._worker}{SUFFIX}"
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._figures: dict[str, _Figure] = {}
        ProcessCollector(registry=self._registry)
        self._seconds = Histogram(
            "http_request_seconds", "Time to the end of an answer.", ["status"], registry=self._registry
        )

    def counter(self, name: str, about: str, read: Read, **labels: str) -> None:
        """Tell what `read` returns as a count that only grows."""
        self._add(CounterMetricFamily, name, about, read, labels)

    def gauge(self, name: str, about: str, read: Read, **labels: str) -> None:
        """Tell what `read` returns as a value that goes up and down."""
        self._add(GaugeMetricFamily, name, about, read, labels)

    def answered(self, status: int, seconds: float) -> None:
        """Count a request."""
        self._seconds.labels(str(status)).observe(seconds)

    def collect(self) -> Iterable[Metric]:
        """Return the figures that were added; called by the library."""
        for name, figure in self._figures.items():
            names = sorted({label for labels, _ in figure.readings for label in labels})
            family = figure.family(name, figure.about, labels=names)
            for labels, read in figure.readings:
                family.add_metric([labels.get(label, "") for label in names], read())
            yield family

    def exposition(self) -> bytes:
        """Return the figures of all workers in Prometheus' text format."""
        own = generate_latest(self._registry).decode()
        return generate_latest(_Merged({self._worker: own, **self._left_by_others()}))

    async def leave(self) -> None:
        """Write this worker's figures for the others."""
        self._folder.mkdir(parents=True, exist_ok=True)
        written = self._own.with_suffix(".new")
        written.write_bytes(generate_latest(self._registry))
        written.replace(self._own)

    async def close(self) -> None:
        """Take back what was left."""
        self._own.unlink(missing_ok=True)

    def _add(self, family: Family, name: str, about: str, read: Read, labels: Mapping[str, str]) -> None:
        self._figures.setdefault(name, _Figure(family, about)).readings.append((labels, read))

    def _left_by_others(self) -> dict[int, str]:
        host, found = self._own.name.rpartition("-")[0], {}
        for path in self._folder.glob(f"{host}-*{SUFFIX}"):
            with suppress(FileNotFoundError):  # it has just ended
                if path == self._own:
                    continue
                if time.time() - path.stat().st_mtime > GONE_SECONDS:
                    path.unlink()
                else:
                    found[int(path.stem.rpartition("-")[2])] = path.read_text("utf-8")
        return found


class _Merged(CollectorRegistry):
    """Expositions of several workers as one, each sample with its worker."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        super().__init__()
        self._texts = texts

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for worker, text in sorted(self._texts.items()):
            for family in text_string_to_metric_families(text):
                into = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    into.add_sample(sample.name, {**sample.labels, WORKER: str(worker)}, sample.value)
        return families.values()
