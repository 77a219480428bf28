"""Names of the permissions on what is said."""

from django.utils.translation import gettext_lazy as _

from zaguan.people.permissions import register

REPLY = register("conversations.reply", _("Answer customers"))
NOTE = register("conversations.note", _("Write internal notes"))
FAILED_MAIL = register("conversations.failed_mail", _("See and repair failed mail"))
MANAGE_LIBRARY = register("conversations.manage_library", _("Manage the library"))
MANAGE_INBOXES = register("conversations.manage_inboxes", _("Manage inboxes"))
SHARE_CANNED = register("conversations.share_canned", _("Share canned messages with teams or everybody"))
INFORM = register("conversations.inform", _("Write to all customers affected by a tracker at once"))
ESCALATE = register("conversations.escalate", _("Ask people outside for help with a ticket"))
