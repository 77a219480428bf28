"""Names of the permissions on macros."""

from django.utils.translation import gettext_lazy as _

from zaguan.people.permissions import register

SHARE_MACROS = register("automation.share_macros", _("Share macros with teams or everybody"))
