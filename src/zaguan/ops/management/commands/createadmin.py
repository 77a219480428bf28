"""Make somebody an administrator."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from zaguan.people.models import Agent, Role


class Command(BaseCommand):
    help = "Make somebody an administrator, or give one a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="their address; asked for when not given")
        parser.add_argument("--name", default="", help="their name; the address when not given")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = (options["email"] or input("E-mail: ")).strip().lower()
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else ask_password()
        check(email, password)
        role = Role.objects.filter(is_admin=True).order_by("pk").first()
        if role is None:
            raise CommandError("There is no role for administrators yet. Run `zaguan migrate` first.")
        agent = Agent.objects.filter(email=email).first()
        if agent is None:
            Agent.objects.create_agent(email, password, name=options["name"] or email, role=role)
            self.stdout.write(f"{email} is an administrator now.")
            return
        agent.role, agent.is_active = role, True
        agent.set_password(password)
        agent.save(update_fields=["role", "is_active", "password"])
        self.stdout.write(f"{email} is an administrator, with the new password.")


def ask_password() -> str:
    """Twice, without showing it."""
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        raise CommandError("The two passwords differ.")
    return password


def check(email: str, password: str) -> None:
    """Refuse what could not be used."""
    try:
        validate_email(email)
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
