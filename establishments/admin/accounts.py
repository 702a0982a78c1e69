"""Accounts: opened by an administrator, who never types nor sees a password."""

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from core.french import NBSP, counted, normalise, typo
from core.models import User

from ..admin_scope import ScopedAdmin, mandates_of, may_manage_account
from ..models import Mandate

SENT = f"Le lien pour choisir un mot de passe est parti à{NBSP}: "
CLOSED = "Ce compte est fermé : rouvrez-le avant d’envoyer un lien."


def send_link(request, account):
    """The mail « choisissez votre mot de passe », by the road of a forgotten one. False for a closed account."""
    form = ResetPasswordForm({"email": account.email})
    if not account.is_active or not form.is_valid():
        return False
    form.save(request)
    return True


@admin.register(User)
class UserAdmin(ScopedAdmin):
    list_display = ["full_name", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["search_name"]
    search_help_text = "Nom ou adresse électronique, avec ou sans accents"
    ordering = ["last_name", "first_name", "pk"]
    fields = ["email", ("first_name", "last_name"), "phone", "is_active", "last_login"]
    actions = ["send_links"]
    change_form_template = "admin/account_form.html"

    def get_queryset(self, request):
        held = Mandate.objects.filter(pk__in=mandates_of(request.user).order_by().values("pk"))
        current = held.active_on(timezone.localdate()).select_related("territory", "establishment")
        return super().get_queryset(request).prefetch_related(Prefetch("mandates", current, to_attr="current"))

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:3]

    def get_readonly_fields(self, request, obj=None):
        own = obj is not None and obj.pk == request.user.pk
        return ["last_login", *(["email", "is_active"] if own else [])]

    def has_change_permission(self, request, obj=None):
        """Her own details, and accounts that can do nothing outside her scope: an address is a way in."""
        may = obj is None or obj.pk == request.user.pk or may_manage_account(request.user, obj)
        return may and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        # A former address must not keep receiving the links of the account.
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()

    def response_add(self, request, obj, post_url_continue=None):
        if send_link(request, obj):
            self.message_user(request, SENT + obj.email, messages.SUCCESS)
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self):
        view = self.admin_site.admin_view(self.link_view)
        return [path("<int:pk>/lien/", view, name="core_user_link"), *super().get_urls()]

    def link_view(self, request, pk):
        account = self.get_object(request, str(pk))
        if account is None:
            raise Http404
        if request.method != "POST" or not self.has_change_permission(request, account):
            raise PermissionDenied
        self._send(request, [account])
        return HttpResponseRedirect(reverse("admin:core_user_change", args=[pk]))

    @admin.action(description="Envoyer le lien pour choisir un mot de passe…")
    def send_links(self, request, queryset):
        """Who would receive a link, then the links once confirmed: a mail does not come back."""
        accounts = [account for account in queryset if self.has_change_permission(request, account)]
        if "confirmer" in request.POST:
            self._send(request, accounts)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Envoyer le lien pour choisir un mot de passe",
            "opts": self.model._meta,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "accounts": accounts,
            "ready": sum(account.is_active for account in accounts),
        }
        return TemplateResponse(request, "admin/send_links.html", context)

    def _send(self, request, accounts):
        sent = [account for account in accounts if send_link(request, account)]
        for account in sent:
            self.journal(request, "invité à choisir un mot de passe", account)
        if sent:
            self.message_user(request, f"{counted(len(sent), 'lien envoyé', 'liens envoyés')}.", messages.SUCCESS)
        else:
            self.message_user(request, typo(CLOSED), messages.WARNING)

    @admin.display(description="nom", ordering="last_name")
    def full_name(self, account):
        return str(account)

    @admin.display(description="mandats en cours")
    def roles(self, account):
        return ", ".join(f"{one.get_role_display()} ({one.territory or one.establishment})" for one in account.current)
