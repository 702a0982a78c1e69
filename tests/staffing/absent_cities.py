"""Cities whose absences follow rules fixed here, apart from the forecast: it must find them again."""

import datetime
from random import Random

from staffing.forecast import DayRecord

FIRST = datetime.date(2025, 9, 1)
WINTER = {11: 1.4, 12: 1.7, 1: 1.8, 2: 1.5}
MONDAY = 1.5


def city(seed, *, houses=12, days=300, rate=0.06, varies=True):
    """Records of a city: people fall ill one by one; leaves and children make the margin of a day vary."""
    chance = Random(seed)  # noqa: S311 - a trial
    records = []
    for house in range(1, houses + 1):
        people, lean = chance.randrange(7, 16), chance.uniform(0.6, 1.7)
        for back in range(days):
            day = FIRST + datetime.timedelta(days=back)
            if day.weekday() > 4:
                continue
            on_leave = chance.choice([0, 0, 1, 2, 3]) if varies else 1
            present = people - on_leave
            margin = 3 - on_leave if varies else 1
            sick = rate * lean * WINTER.get(day.month, 1.0) * (MONDAY if day.weekday() == 0 else 1.0)
            absent = sum(chance.random() < sick for _ in range(present))
            records.append(DayRecord(house, day, present, present, margin, absent, absent > margin))
    return records


def coins(seed, *, houses=12, days=300, share=0.15):
    """Breaks that nothing announces: no forecast can do better than their frequency."""
    chance = Random(seed)  # noqa: S311 - a trial
    found = []
    for house in range(1, houses + 1):
        for back in range(days):
            day = FIRST + datetime.timedelta(days=back)
            found.append(DayRecord(house, day, 10, 10, chance.randrange(0, 3), chance.randrange(0, 2),
                                   chance.random() < share))  # fmt: skip
    return found
