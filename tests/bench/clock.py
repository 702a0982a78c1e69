"""Processor time of several calls, taken in turn at random in one process: their ratios hold where seconds do not."""

import gc
import random
import resource
import statistics
import time
from collections.abc import Callable, Mapping

WARM_UP = 2


def cpu() -> float:
    """Seconds of processor of this process and of the children it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def medians(calls: Mapping[str, Callable[[], object]], rounds: int, seed: int = 20) -> dict[str, float]:
    """{name: median milliseconds of processor}. Every round calls each once, in a new random order."""
    for _ in range(WARM_UP):
        for call in calls.values():
            call()
    gc.collect()
    gc.freeze()  # what lives for the whole process is not walked again and again by the collector
    times: dict[str, list[float]] = {name: [] for name in calls}
    order, draw = list(calls), random.Random(seed)
    for _ in range(rounds):
        draw.shuffle(order)
        for name in order:
            before = cpu()
            calls[name]()
            times[name].append(cpu() - before)
    gc.unfreeze()
    return {name: statistics.median(values) * 1000 for name, values in times.items()}
