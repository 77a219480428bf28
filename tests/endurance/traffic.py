"""What comes in and goes out during the storm: like real senders, it tries again until somebody says yes."""

from __future__ import annotations

import json
import smtplib
import time
import urllib.error
import urllib.request

from tests.endurance.house import ADDRESS, House

PATIENCE = 300.0


def mail_in(house: House, number: int) -> None:
    """One mail, offered again until it is accepted, as a mail server does."""
    sender = f"cliente{number}@correo.example"
    text = (
        f"From: Cliente {number} <{sender}>\r\nTo: {ADDRESS}\r\nSubject: Consulta {number} sobre el envío\r\n"
        f"Message-ID: <storm-{number}@correo.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nHola, pregunto por el pedido {number}.\r\n"
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", house.smtp_port, timeout=20) as server:
                server.sendmail(sender, [ADDRESS], text.encode())
            return
        except (OSError, smtplib.SMTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def reply_out(house: House, number: int) -> None:
    """One ticket of the desk's own with a first mail, asked for under one key until it is answered."""
    body = {
        "subject": f"Aviso {number}",
        "text": f"Su pedido {number} está listo.",
        "author": "agent",
        "requester": {"email": f"destino{number}@correo.example"},
        "inbox": ADDRESS,
        "team": "Soporte",
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{house.port}/api/v1/tickets",
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {house.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"storm-{number}",
        },
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=20):
                return
        except urllib.error.HTTPError as error:
            if error.code < 500 or time.monotonic() > until:
                raise RuntimeError(error.read().decode()[:500]) from None
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(0.3)
