"""`python -m tests.bench [--check] [--only WORD] [--rounds N]`: prints value, floor, ratio, budget, queries, bytes.

Ratios of medians of processor time, calls taken in turn at random in one process. With --check, a budget passed makes
the exit status 1; without, nothing fails. No seconds are compared with anything.
"""

import argparse
import sys

from . import batches, city, clock, pool, searching, tours


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--check", action="store_true", help="échoue quand un budget est dépassé")
    parser.add_argument("--only", default="", help="les mesures dont le nom contient ce mot")
    parser.add_argument("--rounds", type=float, default=1, help="multiplie le nombre de tours")
    return parser.parse_args()


def french(value, digits=2):
    return "—" if value is None else f"{value:.{digits}f}".replace(".", ",")


def run(measure, rounds):
    """One line, and whether it is within its budgets."""
    from .pages import queries_of

    calls = {"value": measure.value, "floor": measure.floor}
    if measure.peer:
        calls["peer"] = measure.peer
    times = clock.medians(calls, max(3, round(measure.rounds * rounds)))
    ratio = times["value"] / times["floor"]
    over = [measure.budget is not None and ratio > measure.budget]
    content = measure.value()
    size = len(content) if isinstance(content, bytes) else None
    queries = queries_of(measure.value)
    over.append(measure.most_queries is not None and queries > measure.most_queries)
    line = (
        f"{measure.label:<42}{french(times['value']):>10}{french(times['floor']):>10}{french(ratio):>8}"
        f"{french(measure.budget):>8}{queries:>9}{size or '—':>10}"
    )
    if measure.peer:
        against = times["value"] / times["peer"]
        over.append(against > measure.peer_budget)
        line += (
            f"\n{'  et une page tables2 + filter':<42}{'':>10}{french(times['peer']):>10}{french(against):>8}"
            f"{french(measure.peer_budget):>8}"
        )
    return line, any(over)


def main():
    options = arguments()
    city.start()
    import time_machine

    with time_machine.travel(city.NOW, tick=True):
        city.prepare()
        from django.conf import settings
        from django.db import connection

        connection.settings_dict["CONN_MAX_AGE"] = None  # opening the file again at each call would flatter the ratios
        settings.ROOT_URLCONF = "tests.bench.urls"
        late = show(options)
    sys.stdout.write(f"\n{len(late)} budget(s) dépassé(s) : {', '.join(late)}\n" if late else "\nTout tient.\n")
    return 1 if late and options.check else 0


def show(options):
    from .measures import measures
    from .weight import weights

    heads = f"{'ms de processeur':>52}{'plancher':>10}{'rapport':>8}{'budget':>8}{'requêtes':>9}{'octets':>10}\n"
    sys.stdout.write(heads)
    late = []
    for measure in measures(options.only):
        line, over = run(measure, options.rounds)
        sys.stdout.write(f"{line}{'   DÉPASSÉ' if over else ''}\n")
        sys.stdout.flush()
        late += [measure.label] * over
    if options.only in "tournées":
        tours.tours()
        pool.pool()
        pool.admissions()
    if options.only in "recherche":
        late += searching.searching()
    if options.only in "lots":
        late += batches.batch()
    for label, value, budget in weights() if options.only in "poids" else ():
        sys.stdout.write(f"{label:<60}{value:>10}{budget:>10}{'   DÉPASSÉ' if value > budget else ''}\n")
        late += [label] * (value > budget)
    return late


if __name__ == "__main__":
    sys.exit(main())
