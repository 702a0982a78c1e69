"""The float pool at full size, and a simulated place against the engine alone. Printed, no time is asserted.

`python -m tests.bench.pool` prints it alone; `make bench` prints it after the rest.
"""

import random
import sys
import time
from datetime import date, timedelta
from statistics import median

from tests.staffing.test_float_pool import random_pool

AGENTS, NEEDS, DAYS = 60, 80, 5
SECONDS = (2.0, 20.0)
ADMISSIONS = 200
MOST_RATIO = 3


def pool():
    """60 agents, 80 needs a day, five days: seconds, half-hours left and the least that could be left."""
    from staffing.float_pool import plan, uncovered_bound

    agents, needs = random_pool(random.Random(5), AGENTS, NEEDS, DAYS)
    least = uncovered_bound(agents, needs)
    heads = f"{'secondes':>9}{'étapes':>8}{'exposées':>10}{'au moins':>10}{'complet':>9}"
    sys.stdout.write(f"\n{f'pool : {AGENTS} agents, {NEEDS} besoins, {DAYS} jours':<44}{heads}\n")
    for seconds in SECONDS:
        steps, began = [], time.perf_counter()
        made = plan(agents, needs, max_seconds=seconds, progress=lambda done, _, steps=steps: steps.append(done))
        took = time.perf_counter() - began
        line = f"{f'au plus {seconds:.0f} s demandées':<44}{took:>9.2f}{len(steps):>8}"
        line += f"{made.cost.uncovered:>10}{least:>10}"
        sys.stdout.write(f"{line}{'oui' if made.complete else 'non':>9}\n".replace(".", ","))
        sys.stdout.flush()


def admissions():
    """A place every day of four weeks, all the opening (the worst case): ratio to the engine alone on these days."""
    from staffing.admissions import Admission, simulate_admission
    from staffing.coverage import ChildrenPresence, HouseDay, StaffPresence, assess_days

    asked = Admission(dict.fromkeys(range(1, 6), (450, 1110)), walks=True)
    rng, ratios = random.Random(7), []
    for _ in range(ADMISSIONS):
        days = {}
        for number in range(28):
            on = date(2026, 3, 16) + timedelta(days=number)
            shifts = [450 + 30 * rng.randrange(7) for _ in range(14)]
            children = [ChildrenPresence(t, t + 30, rng.randrange(9), rng.randrange(25)) for t in range(450, 1110, 30)]
            staff = [StaffPresence(t, t + 450, 1 + n % 2, n < 3, True, n) for n, t in enumerate(shifts)]
            if on.isoweekday() < 6:
                days[on] = HouseDay((450, 1110), children, staff, "five_eight_summed", 40, "creche_collective", on)
        ratios.append(_took(simulate_admission, days, asked) / _took(assess_days, days))
    line = f"{f'place simulée, 4 semaines (au plus {MOST_RATIO})':<65}{median(ratios):>9.3f}\n"
    sys.stdout.write(line.replace(".", ","))
    return median(ratios)


def _took(call, *given):
    began = time.process_time()
    call(*given)
    return max(time.process_time() - began, 1e-9)


if __name__ == "__main__":
    pool()
    admissions()
