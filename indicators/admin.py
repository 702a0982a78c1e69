"""The barèmes are reference data; the activity itself is not an administrator's."""

from django.contrib import admin

from establishments.admin_scope import SharedAdmin

from .models import PsuTariff


@admin.register(PsuTariff)
class PsuTariffAdmin(SharedAdmin):
    """A wrong value is corrected here, with its line in the journal; months are recomputed when they are read."""

    list_display = ["starts_on", "ends_on", "services", "rule", "p107", "p117", "p120", "hourly"]
    list_filter = ["services", "rule"]
    search_fields = ["source"]
    fields = ["services", "rule", ("starts_on", "ends_on"), ("p107", "p117", "p120"), "hourly", "source"]
