from django.core.management.base import BaseCommand
from django.utils import timezone

from core.french import percent
from establishments.models import Establishment, Territory
from staffing.forecast.facts import weather_of
from staffing.forecast.page import verdict


class Command(BaseCommand):
    help = "Ce que vaut la météo des effectifs, secteur par secteur, sur les semaines mises de côté."

    def handle(self, *args, **options):
        today = timezone.localdate()
        for sector in Territory.objects.filter(kind=Territory.Kind.SECTOR).order_by("name"):
            houses = Establishment.objects.open_on(today).within(sector).order_by("pk").values_list("pk", flat=True)
            weather = weather_of(houses, today)
            _, title, sentence = verdict(weather.skill)
            self.stdout.write(f"{sector}\u00a0: {title}. {sentence}")
            for announced, happened, days in weather.skill.bins:
                self.stdout.write(
                    f"  annoncé {percent(announced, 0)}, arrivé {percent(happened, 0)} ({days} journées)"
                )
