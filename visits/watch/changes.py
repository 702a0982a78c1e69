"""Changes of rules as pages reach them: reference data shared by all, no perimeter; their houses have one."""

from django.http import Http404

from establishments.models import RuleChange


def listed():
    return RuleChange.objects.with_people()


def change_or_404(pk):
    change = RuleChange.objects.with_people().filter(pk=pk).first()
    if change is None:
        raise Http404
    return change
