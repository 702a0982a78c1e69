"""The frameworks as pages read them: reference data shared by all, no perimeter."""

from ..models import Framework, FrameworkItem


def listed():
    return Framework.objects.with_counts()


def versions_beside(pk):
    """Every version of the code of one version, itself included; empty when there is none."""
    return list(Framework.objects.filter(code__in=Framework.objects.filter(pk=pk).values("code")))


def items_of(framework):
    return FrameworkItem.objects.filter(framework=framework).select_related("framework")


def in_force(day):
    return list(Framework.objects.in_force(day))
