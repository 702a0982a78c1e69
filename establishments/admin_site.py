from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache

from core.pages import readable_query

from .admin_scope import CapabilityMixin, establishments_of
from .context import active_mandates
from .models import Role

# Heading -> models, in the order of the index; what is registered elsewhere falls under the last one.
HEADINGS = [
    (
        "Le registre",
        "establishments.Establishment establishments.Authorisation establishments.CapacityChange "
        "establishments.Closure establishments.Obligation establishments.Document establishments.OpeningProject",
    ),
    (
        "Territoires et mandats",
        "establishments.Territory establishments.Mandate core.User establishments.Directorship "
        "establishments.SharedRole",
    ),
    ("Les équipes", "staffing.Employee staffing.Posting staffing.Roster"),
    ("Vie du réseau", "projects.Partner projects.MeetingSeries projects.ServiceRequest projects.ServiceOrder"),
    ("Référentiels", "visits.Framework visits.ObservationGrid visits.GridTheme establishments.TerritoryBoundary"),
    ("Traces", "establishments.JournalEntry visits.Visit"),
]
OTHERS = "Référentiels"


class RondeAdminSite(AdminSite):
    """The register, for those who hold a mandate of administrator; a superuser without one sees nothing."""

    site_title = "Administration de Ronde"
    site_header = "Administration de Ronde"
    index_title = "Administration du registre"
    site_url = "/"
    enable_nav_sidebar = True
    empty_value_display = "—"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")  # a house closes on a date; it is not erased by the dozen

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only admins that stop at the perimeter: those of libraries would show every account to a superuser."""
        if admin_class is not None and issubclass(admin_class, CapabilityMixin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        return any(mandate.role == Role.ADMINISTRATOR for mandate in active_mandates(request))

    def admin_view(self, view, cacheable=False):
        """A visitor is sent to our sign-in page; someone signed in without the role gets a 403, not a loop."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            request.GET = readable_query(request.GET)  # a NUL would be an error of PostgreSQL
            return inner(request, *args, **kwargs)

        guarded.__dict__.update(inner.__dict__)
        return guarded

    def get_urls(self):
        """Without `r/<type>/<id>/`, which tells whether any record of the database exists."""
        from .admin.reference import PAGES

        def wrap(view):
            return self.admin_view(lambda request: view(request, self))

        pages = [path(f"{slug}/", wrap(view), name=slug) for slug, _, view in PAGES]
        return pages + [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.get_full_path())
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_change_password")

    def index(self, request, extra_context=None):
        """The subjects with their counts, and what is missing in the register."""
        from .admin.gaps import gaps

        houses = establishments_of(request.user)
        return super().index(request, {"gaps": gaps(houses, timezone.localdate()), **(extra_context or {})})

    def app_index(self, request, app_label, extra_context=None):
        """Django's rooms mean nothing to an administrator: the index is by subject."""
        return redirect("admin:index")

    @cached_property
    def _rank(self):
        labels = [label.lower() for _, labels in HEADINGS for label in labels.split()]
        return {label: at for at, label in enumerate(labels)}

    def _count(self, request, model):
        """How many rows of her scope."""
        return self._registry[model].get_queryset(request).order_by().values("pk").count()

    def _pages(self):
        """The pages that show no model, as entries of the index."""
        from .admin.reference import PAGES

        for slug, name, _ in PAGES:
            url = reverse(f"admin:{slug}", current_app=self.name)
            yield {
                "name": name,
                "object_name": slug,
                "admin_url": url,
                "add_url": None,
                "view_only": True,
                "perms": {},
            }

    def get_app_list(self, request, app_label=None):
        """The models by subject, under French headings."""
        at_home = request.path == reverse("admin:index", current_app=self.name)  # elsewhere it is the side bar
        groups = {heading: [] for heading, _ in HEADINGS}
        headings = {label.lower(): heading for heading, labels in HEADINGS for label in labels.split()}
        for room in self._build_app_dict(request, app_label).values():
            for entry in room["models"]:
                label = entry["model"]._meta.label_lower
                entry["count"] = self._count(request, entry["model"]) if at_home else None
                groups[headings.get(label, OTHERS)].append((self._rank.get(label, len(self._rank)), entry))
        groups[OTHERS] += [(len(self._rank) + 1, entry) for entry in self._pages()]
        return [
            {
                "name": heading,
                "app_label": f"groupe-{at}",
                "app_url": "",
                "has_module_perms": True,
                "models": [entry for _, entry in sorted(entries, key=lambda pair: pair[0])],
            }
            for at, (heading, entries) in enumerate(groups.items(), start=1)
            if entries
        ]
