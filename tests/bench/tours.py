"""Tours of ten synthetic cities: way against « nearest due first », late visits, CPU. Printed, no time is asserted.

`python -m tests.bench.tours` prints it alone; `make bench` prints it after the rest.
"""

import sys
from statistics import median

from tests.visits import tour_cities as cities

SEEDS = range(10)


def tours():
    """One line a city, then the median: printed by `make bench`."""
    from visits.tours import plan

    ratios = []
    heads = f"{'km':>8}{'plus proche':>13}{'rapport':>9}{'en retard':>11}{'CPU s':>8}"
    sys.stdout.write(f"\n{'tournées : 50 maisons, 8 semaines':<44}{heads}\n")
    for seed in SEEDS:
        asked = cities.city(seed).problem
        made = plan(asked, seed=seed)
        baseline = cities.kilometres(asked, cities.nearest_due_first(asked))
        ratios.append(made.distance_km / baseline)
        line = f"{'ville ' + str(seed):<44}{made.distance_km:>8.1f}{baseline:>13.1f}{ratios[-1]:>9.3f}"
        sys.stdout.write(f"{line}{len(made.late):>11}{made.cpu_seconds:>8.2f}\n".replace(".", ","))
        sys.stdout.flush()
    sys.stdout.write(f"{'médiane des rapports (au plus 0,85)':<65}{median(ratios):>9.3f}\n".replace(".", ","))
    return ratios


if __name__ == "__main__":
    tours()
