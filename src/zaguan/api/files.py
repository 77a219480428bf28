"""Files: uploaded for the next message, fetched by those who may see theirs."""

from typing import Any, BinaryIO, Literal, cast

from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.message_shapes import AttachmentOut, attachment_out
from zaguan.conversations import attachments as files
from zaguan.conversations.models import Attachment
from zaguan.conversations.printing import print_ticket, print_to_send

router = Router(tags=["messages"])


@router.post("/attachments", response={201: AttachmentOut}, summary="Upload a file for the next message")
@needs("desk.use")
def upload(request: AgentRequest, file: UploadedFile = File(...)) -> Status[Any]:  # type: ignore[type-arg]  # noqa: B008
    """Answers the id that a message's `attachments` takes."""
    if not (request.auth.can("conversations.reply") or request.auth.can("conversations.note")):
        raise HttpError(403, _("Your role does not allow this."))
    stored = files.store(cast("BinaryIO", file), file.name or "", file.content_type or "", by=request.auth)
    return Status(201, attachment_out(stored))


@router.get("/attachments/{public_id}", summary="Fetch a file")
@needs("desk.use")
def fetch_attachment(request: AgentRequest, public_id: str) -> FileResponse:
    """The bytes as received, always as a download."""
    found = Attachment.objects.visible_to(request.auth).filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("There is no such file."))
    answer = FileResponse(files.open_stored(found), as_attachment=True, filename=found.name)
    answer["Content-Type"] = "application/octet-stream"
    return answer


@router.get("/tickets/{int:number}/pdf", summary="A ticket as a PDF")
@needs("desk.use")
def ticket_pdf(
    request: AgentRequest,
    number: int,
    kind: Literal["customer", "full"] = "customer",
    language: Literal["", "es", "en", "pt-br"] = "",
) -> HttpResponse:
    """`customer` holds nothing internal; `full` holds notes and every change."""
    ticket = looking_up.ticket_for(request.auth, number)
    return HttpResponse(
        print_ticket(ticket, by=request.auth, copy=kind, language=language), content_type="application/pdf"
    )


class PrintIn(Schema):
    """`full` holds internal notes and every change: whoever gets it reads them."""

    kind: Literal["customer", "full"] = "customer"
    language: Literal["", "es", "en", "pt-br"] = ""


@router.post(
    "/tickets/{int:number}/pdf", response={201: AttachmentOut}, summary="Make a PDF of a ticket to send it"
)
@needs("conversations.reply")
@once
def make_ticket_pdf(request: AgentRequest, number: int, body: PrintIn) -> Status[Any]:
    """An upload of one's own: name its `id` in the `attachments` of a message."""
    ticket = looking_up.ticket_for(request.auth, number)
    made = print_to_send(ticket, by=request.auth, copy=body.kind, language=body.language)
    return Status(201, attachment_out(made))
