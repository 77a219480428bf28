"""Names of the permissions on promises of time."""

from django.utils.translation import gettext_lazy as _

from zaguan.people.permissions import register

MANAGE = register("sla.manage", _("Manage calendars and promises of time"))
