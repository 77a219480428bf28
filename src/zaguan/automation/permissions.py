"""Names of the permissions on macros and rules."""

from django.utils.translation import gettext_lazy as _

from zaguan.people.permissions import register

SHARE_MACROS = register("automation.share_macros", _("Share macros with teams or everybody"))
MANAGE_ROUTING = register("automation.manage_routing", _("Manage distribution, skills and capacity"))
NEXT = register("automation.next", _("Take the next ticket"))
MANAGE_RULES = register("automation.manage_rules", _("Make and change rules"))
