"""How the addresses of links, and of the children of a ticket, are called by the API."""

from __future__ import annotations

from tests.walk.entries import Entry

_AT = "/tickets/<int:number>"
_ITSELF = {"numbers": ["{ticket}"]}

API: dict[str, Entry] = {
    f"GET {_AT}/links": Entry(on=("ticket",), get={}, hidden=True),
    f"POST {_AT}/links": Entry(on=("ticket",), body={"number": "{ticket}"}, hidden=True, good=(422,)),
    f"POST {_AT}/links/many": Entry(on=("ticket",), body=_ITSELF, hidden=True, good=(422,)),
    f"POST {_AT}/links/many/remove": Entry(on=("ticket",), body=_ITSELF, hidden=True, good=(204,)),
    f"DELETE {_AT}/links/<kind>/<int:other>": Entry(
        on=("ticket", "link-kind", "ticket"), hidden=True, good=(204,)
    ),
    f"GET {_AT}/children": Entry(on=("ticket",), get={}, hidden=True),
    f"POST {_AT}/children/finish": Entry(on=("ticket",), body={}, hidden=True, good=(200,)),
}
