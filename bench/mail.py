"""How many mails a second come in: parsed, threaded, indexed."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.house import House

TEXT = """From: Cliente {n} <cliente{n}.{run}@correo.example>\r
To: {to}\r
Subject: Pedido {n}: ¿cuándo llega?\r
Message-ID: <bench-{run}-{n}@correo.example>\r
Date: Sat, 21 Nov 2026 10:00:00 +0000\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b{n}\r
\r
--b{n}\r
Content-Type: text/plain; charset=utf-8\r
\r
Hola, quisiera saber cuándo llega el pedido {n}. {filler}\r
--b{n}\r
Content-Type: text/html; charset=utf-8\r
\r
<html><body><p>Hola, quisiera saber <b>cuándo llega</b> el pedido {n}.</p><p>{filler}</p></body></html>\r
--b{n}--\r
"""
FILLER = "La dirección es la de siempre y el horario de la mañana nos viene mejor que el de la tarde. " * 4


def intake(house: House, to: str, seconds: float) -> dict[str, float]:
    """Mails per second by SMTP over eight connections, and by `zaguan mail receive`, one process each."""
    return {"smtp": _smtp(house, to, seconds), "pipe": _pipe(house, to, seconds)}


def mail(to: str, run: str, n: int) -> bytes:
    return TEXT.format(n=n, run=run, to=to, filler=FILLER).encode()


def _smtp(house: House, to: str, seconds: float) -> float:
    until = time.monotonic() + seconds
    done = [0] * 8

    def work(lane: int) -> None:
        with smtplib.SMTP("127.0.0.1", house.port + 1, timeout=60) as server:
            while time.monotonic() < until:
                number = lane * 1_000_000 + done[lane]
                server.sendmail("cliente@correo.example", [to], mail(to, f"s{int(until)}", number))
                done[lane] += 1

    before = processed(house)
    began = time.monotonic()
    crowd = [threading.Thread(target=work, args=(lane,)) for lane in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    # Counted when it is a message in a ticket, not when it is accepted.
    while processed(house) - before < sum(done) and time.monotonic() - began < seconds * 6:
        time.sleep(0.1)
    return sum(done) / (time.monotonic() - began)


def _pipe(house: House, to: str, seconds: float) -> float:
    until = time.monotonic() + seconds
    done = [0] * 2

    def work(lane: int) -> None:
        command = [sys.executable, "-m", "zaguan", "mail", "receive", "--inbox", to]
        while time.monotonic() < until:
            given = mail(to, f"p{int(until)}", lane * 1_000_000 + done[lane])
            subprocess.run(command, input=given, env=house.environment, capture_output=True, check=True)
            done[lane] += 1

    began = time.monotonic()
    crowd = [threading.Thread(target=work, args=(lane,)) for lane in range(2)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    return sum(done) / (time.monotonic() - began)


def processed(house: House) -> int:
    """How many raw mails have become messages."""
    sql = "SELECT count(*) FROM conversations_rawmessage WHERE state = 'processed'"
    if house.environment["DATABASE_URL"]:
        import psycopg

        with psycopg.connect(house.environment["DATABASE_URL"]) as link:
            row = link.execute(sql).fetchone()
            return int(row[0]) if row else 0
    import sqlite3

    with sqlite3.connect(f"file:{house.data}/zaguan.sqlite3?mode=ro", uri=True) as lite:
        return int(lite.execute(sql).fetchone()[0])
