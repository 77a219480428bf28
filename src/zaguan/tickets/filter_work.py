"""promised:, serial:, product: – and is:overdue, is:promised – what was promised, and which pieces a ticket is about."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent
from zaguan.people.reference import Kept
from zaguan.tickets.filter_choices import names_of, pick
from zaguan.tickets.filter_dates import span_of
from zaguan.tickets.filter_flags import flag
from zaguan.tickets.filtering import Field, NotUnderstood, register
from zaguan.tickets.models import DONE_RANK, Product, ProductItem, Ticket
from zaguan.tickets.products import serial_key

NONE = {"none", "ninguna", "ninguno", "nenhuma", "nenhum"}
MOST = 5000
products: Kept[Product] = Kept(lambda: Product.objects.all())


def _promised(value: str, viewer: Agent) -> Q:
    if squeeze(value) in NONE:
        return Q(promised_at=None)
    start, end = span_of(value)
    found = Q(promised_at__gte=start) if start else Q(promised_at__isnull=False)
    return found & Q(promised_at__lt=end) if end else found


def _serial(value: str, viewer: Agent) -> Q:
    key = serial_key(value)
    if len(key) < 3:
        raise NotUnderstood(_("Write at least three letters of the serial number."))
    found = ProductItem.objects.filter(serial_key__startswith=key).values("pk")[:MOST]
    return Q(pk__in=_about(found))


def _product(value: str, viewer: Agent) -> Q:
    every = products.all().values()
    found = pick(every, value, lambda p: [p.code, *names_of(p)], _("There is no product “%(value)s”."))
    return Q(pk__in=_about(ProductItem.objects.filter(product__in=found).values("pk")))


def _about(items: Any) -> Any:
    return Ticket.product_items.through.objects.filter(productitem_id__in=items).values("ticket_id")


register(
    Field(
        key="promised",
        aliases=("prometido", "promesa", "previsión", "promessa", "promise"),
        label=gettext_lazy("Promised for"),
        condition=_promised,
    )
)
register(
    Field(
        key="serial",
        aliases=("serie", "série", "sn"),
        label=gettext_lazy("Serial number"),
        condition=_serial,
        narrow=True,
    )
)
register(
    Field(
        key="product",
        aliases=("producto", "produto"),
        label=gettext_lazy("Product"),
        condition=_product,
        values=lambda viewer: [p.code for p in products.all().values()],
        walks=True,
    )
)
flag("is", "promised prometido", lambda v: Q(promised_at__isnull=False))
flag("is", "overdue vencido atrasado", lambda v: Q(promised_at__lt=timezone.now(), rank__lt=DONE_RANK))
