#!/usr/bin/env python
"""Speed through HTTP, beside the bare database and by size: make bench, or python bench/run.py --sizes 10000,100000 --databases sqlite."""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.bare import bare_times  # noqa: E402
from bench.house import House  # noqa: E402
from bench.mail import intake  # noqa: E402

PORT = 18790
# Requests per second at concurrency 8 of the fastest open peer, on two such cores with 100,000 tickets.
PEER = {
    "inbox": 39,
    "ticket": 64,
    "ticket_100": 12,
    "search_rare": 71,
    "search_common": 7,
    "create": 72,
    "mail": 19,
}


def main() -> None:
    """Seed each size on each database, measure, print a table, keep the figures."""
    options = _options()
    results = []
    for database in options.databases.split(","):
        for size in options.sizes.split(","):
            with _database(database) as url, _folder(options.keep, database, size) as data:
                results.append(measure(data, url, int(size), database, options.seconds))
                _print(results[-1])
    Path(options.out).write_text(json.dumps(results, indent=1))
    _growth(results)


def _options() -> Any:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--sizes", default="10000,100000,1000000")
    reader.add_argument("--databases", default="sqlite,postgres")
    reader.add_argument("--seconds", type=float, default=6, help="how long each figure is measured")
    reader.add_argument("--keep", default="", help="a folder to keep the seeded data in and to find it again")
    reader.add_argument("--out", default=str(Path(tempfile.gettempdir()) / "zaguan-bench.json"))
    return reader.parse_args()


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    from zaguan.testing.servers import postgres

    with postgres() as url:
        yield url


@contextlib.contextmanager
def _folder(keep: str, database: str, size: str) -> Iterator[Path]:
    if keep and database == "sqlite":
        path = Path(keep) / f"{database}-{size}"
        path.mkdir(parents=True, exist_ok=True)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="zaguan-bench-") as name:
        yield Path(name)


def measure(data: Path, url: str, size: int, database: str, seconds: float) -> dict[str, Any]:
    """All figures of one size on one database."""
    if not (data / "facts.json").exists():
        command = [
            sys.executable,
            str(ROOT / "bench" / "seeding.py"),
            "--tickets",
            str(size),
            "--data",
            str(data),
        ]
        subprocess.run([*command, "--database", url], check=True)
    facts = json.loads((data / "facts.json").read_text())
    with House(data, url, PORT) as house:
        found: dict[str, Any] = {"database": database, "tickets": size, "cold_start_s": house.start_seconds}
        cookie = house.sign_in(facts["admin"], facts["password"])
        token = house.token(facts["admin"])
        found["pages"] = {
            name: {str(c): _load(house, requests, c, seconds, status) for c in (1, 8)}
            for name, (requests, status) in _plans(facts, cookie, token).items()
        }
        found["mail"] = intake(house, facts["inbox"], seconds)
        found["memory_mb"] = house.memory_mb()
    found["bare_ms"] = bare_times(data, url, facts)
    return found


def _plans(facts: dict[str, Any], cookie: str, token: str) -> dict[str, tuple[list[str], int]]:
    """Name → requests and the status that is right."""
    step = max(1, facts["tickets"] // 200)
    tickets = [
        _get(f"/desk/tickets/{n}/", cookie)
        for n in range(max(1, facts["tickets"] - 40 * step), facts["tickets"], step)
    ]
    admin_only = {"ticket": 200}
    body = {"subject": "Consulta por la entrega", "text": "¿Cuándo llega el pedido?", "team": "Equipo 1"}
    creates = [
        _post("/api/v1/tickets", body | {"requester": {"email": f"nuevo{n}@cliente.example"}}, token)
        for n in range(500)
    ]
    return {
        "inbox": ([_get("/desk/views/open/", cookie)], 200),
        "ticket": (tickets, admin_only["ticket"]),
        "ticket_100": ([_get(f"/desk/tickets/{facts['long_ticket']}/", cookie)], 200),
        "search_rare": ([_get(f"/desk/search/?q={facts['rare']}", cookie)], 200),
        "search_common": ([_get(f"/desk/search/?q={facts['common']}", cookie)], 200),
        "create": (creates, 201),
    }


def _get(path: str, cookie: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nAccept-Language: es\r\n\r\n"


def _post(path: str, body: dict[str, Any], token: str) -> str:
    text = json.dumps(body)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}"


def _load(house: House, requests: list[str], concurrency: int, seconds: float, status: int) -> dict[str, Any]:
    plan = {
        "port": house.port,
        "requests": requests,
        "concurrency": concurrency,
        "seconds": seconds,
        "expect": status,
    }
    command = [sys.executable, str(ROOT / "bench" / "load.py")]
    warm = json.dumps(plan | {"seconds": 1})
    subprocess.run(command, input=warm, capture_output=True, text=True, check=True)
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _print(found: dict[str, Any]) -> None:
    print(
        f"\n{found['database']}, {found['tickets']:,} tickets: cold start {found['cold_start_s']:.1f} s, ",
        end="",
    )
    memory = found["memory_mb"]
    print(
        f"{memory['shared']:.0f} MB in all processes ({memory['whole']:.0f} with what they share counted in each)"
    )
    print(f"{'':14} {'1 at a time':>22} {'8 at a time':>22} {'bare SQL':>10} {'peer':>6} {'ratio':>7}")
    for name, by in found["pages"].items():
        one, eight, peer = by["1"], by["8"], PEER[name]
        bare = found["bare_ms"].get(name)
        print(
            f"{name:14} {one['per_second']:8.0f}/s {one['p50_ms']:8.2f} ms {eight['per_second']:8.0f}/s {eight['p95_ms']:8.1f} p95"
            f" {f'{bare:.2f} ms' if bare else '–':>10} {peer:6} {eight['per_second'] / peer:6.1f}×"
            f" {'WRONG ' + str(eight['wrong']) if eight['wrong'] else ''}"
        )
    for way, per_second in found["mail"].items():
        print(
            f"mail by {way:6} {per_second:8.0f}/s {'':44} {PEER['mail']:6} {per_second / PEER['mail']:6.1f}×"
        )


def _growth(results: list[dict[str, Any]]) -> None:
    for database in dict.fromkeys(r["database"] for r in results):
        sizes = [r for r in results if r["database"] == database]
        if len(sizes) < 2:
            continue
        first, last = sizes[0], sizes[-1]
        print(f"\n{database}: time of a page at {last['tickets']:,} tickets against {first['tickets']:,}")
        for name in first["pages"]:
            grown = last["pages"][name]["1"]["p50_ms"] / first["pages"][name]["1"]["p50_ms"]
            print(f"  {name:14} {grown:5.2f}")


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"\n{time.monotonic() - began:.0f} s")
