"""Bearer tokens for the API."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zaguan.people.models import Agent
from zaguan.people.tokens import create_token


class Command(BaseCommand):
    help = "Print a new bearer token for an agent: token create --agent EMAIL"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["create"])
        parser.add_argument("--agent", required=True, metavar="EMAIL")
        parser.add_argument(
            "--name", default="command line", help="how the agent sees it in the list of tokens"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agent = Agent.objects.filter(email=options["agent"].strip().lower(), is_active=True).first()
        if agent is None:
            raise CommandError(f"There is no agent {options['agent']}.")
        self.stdout.write(create_token(agent, options["name"], by=agent))
