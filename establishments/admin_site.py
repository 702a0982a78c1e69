from django.contrib.admin import AdminSite

from .models import Mandate, Role


class RondeAdminSite(AdminSite):
    """The register, for those who hold a mandate of administrator; a superuser without one sees nothing."""

    site_title = "Administration de Ronde"
    site_header = "Administration de Ronde"
    index_title = "Le registre"
    site_url = "/"

    def has_permission(self, request):
        return Mandate.objects.held_by(request.user, [Role.ADMINISTRATOR]).exists()
