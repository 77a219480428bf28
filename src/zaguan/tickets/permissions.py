"""Names of the permissions on tickets."""

from django.utils.translation import gettext_lazy as _

from zaguan.people.permissions import register

CREATE = register("tickets.create", _("Create tickets"))
EDIT = register("tickets.edit", _("Change subject, lists, tags and importance of tickets"))
ASSIGN = register("tickets.assign", _("Assign tickets to agents and teams"))
SET_STATUS = register("tickets.set_status", _("Change the status of tickets"))
SAVE_VIEWS = register("tickets.share_views", _("Share views with teams or everybody"))
MANAGE_LISTS = register("tickets.manage_lists", _("Manage statuses, lists and tags"))
LOG_TIME = register("tickets.log_time", _("Log working time on tickets"))
SEE_ALL_TIME = register("tickets.see_all_time", _("See everybody's working time, rates and hour banks"))
APPROVE_TIME = register("tickets.approve_time", _("Approve working time"))
PLAN = register("tickets.plan_activities", _("Plan activities and keep checklists"))
EXPORT = register("tickets.export", _("Export lists of tickets"))
MANAGE_TYPES = register("tickets.manage_types", _("Manage types of tickets and their attributes"))
MERGE = register("tickets.merge", _("Merge and split tickets"))
SCHEDULE = register("tickets.schedule", _("Let tickets open by themselves at a later time"))
DELETE = register("tickets.delete", _("Delete tickets and bring them back"))
PURGE = register("tickets.purge", _("Erase deleted tickets for good"))
ASK_APPROVAL = register("tickets.ask_approval", _("Ask for approval, and withdraw it"))
SHARE_TEMPLATES = register("tickets.share_templates", _("Share templates of tickets with teams or everybody"))
