"""The mail in which a contact is asked for approval: the question and a link, nothing else of the ticket."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zaguan.channels.pausing import is_paused
from zaguan.conversations.automatic import may_send_automatically
from zaguan.conversations.models import Inbox, Thread
from zaguan.conversations.signing import instance_id, reply_address
from zaguan.events.tasks import task
from zaguan.lib.errors import Final, Retry
from zaguan.lib.text import excerpt
from zaguan.notifications.approval_links import address_of
from zaguan.notifications.outgoing import Trouble, account, hand_over
from zaguan.tickets.approval_reading import asker_of
from zaguan.tickets.models import Approver, Ticket

MAIL = "notifications.mail_approval"
AGAIN_AFTER = 300


@task(MAIL)
def mail_approval(approver: int) -> None:
    """Send it once, if the question still waits; later when the mail server is away."""
    rows = Approver.objects.filter(pk=approver, mailed_at=None, answer="", contact__isnull=False)
    found = rows.select_related("approval__ticket", "approval__asked_by", "contact").first()
    if found is None or not found.approval.is_waiting:
        return
    inbox = inbox_for(found.approval.ticket)
    if is_paused() or inbox is None:
        raise Retry("no mail leaves now", after=AGAIN_AFTER)
    with transaction.atomic():
        why_not = may_send_automatically(found.email, inbox)
    if why_not:
        raise Final(why_not)
    mail = compose(found, inbox)
    # First the mark, then the mail: of two workers one sends.
    if not Approver.objects.filter(pk=approver, mailed_at=None).update(mailed_at=timezone.now()):
        return
    try:
        hand_over(inbox, mail, name=f"approval-{approver}")
    except Trouble as problem:
        Approver.objects.filter(pk=approver).update(mailed_at=None)
        raise Retry(str(problem), after=AGAIN_AFTER) from problem


def inbox_for(ticket: Ticket) -> Inbox | None:
    """The inbox that the ticket came in by, else the installation's own way out."""
    own = Inbox.objects.filter(pk=ticket.inbox_id or 0, kind="email", is_active=True).exclude(address="")
    return own.first() or account()


def compose(approver: Approver, inbox: Inbox) -> EmailMessage:
    """In the contact's language."""
    language = (approver.contact.language if approver.contact else "") or translation.get_language()
    with translation.override(language):
        approval = approver.approval
        context = {
            "question": approval.question,
            "who": asker_of(approval) if approval.asked_by else inbox.name,
            "href": address_of(approver),
            "ends_at": approver.link_ends_at,
            "due_at": approval.due_at,
        }
        mail = EmailMessage(policy=SMTP)
        question = " ".join(excerpt(approval.question, 120).split())
        mail["Subject"] = _("Your approval is asked for: %(question)s") % {"question": question}
        mail["From"] = Address(" ".join(inbox.name.split()), addr_spec=inbox.address)
        mail["To"] = Address(" ".join(approver.name.split()), addr_spec=approver.email)
        mail.set_content(render_to_string("notifications/approval.txt.jinja", context))
        mail.add_alternative(render_to_string("notifications/approval.jinja", context), subtype="html")
    answers_to = _own_thread(approver, inbox)
    if answers_to is not None:
        mail["Reply-To"] = reply_address(answers_to, inbox)
    _mark(mail, inbox, approver)
    return mail


def _own_thread(approver: Approver, inbox: Inbox) -> Thread | None:
    """Where the requester's answer belongs; what others answer must not get among the customer's messages."""
    ticket = approver.approval.ticket
    if approver.contact_id != ticket.requester_id:
        return None
    return Thread.objects.filter(ticket=ticket, inbox=inbox, channel="email").order_by("pk").first()


def _mark(mail: EmailMessage, inbox: Inbox, approver: Approver) -> None:
    """Say that a machine wrote it, so that no other machine answers (RFC 3834)."""
    host = inbox.address.rpartition("@")[2] or "localhost"
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid(f"approval-{approver.pk}", host)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Zaguan-Instance"] = instance_id()
