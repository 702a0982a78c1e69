from django.contrib.admin.apps import AdminConfig


class RondeAdminConfig(AdminConfig):
    """The Django admin, opened by a mandate of administrator rather than by a staff flag."""

    default_site = "establishments.admin_site.RondeAdminSite"
