"""Times in calls: with a zone, or as the caller's own clock says."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated

from django.utils import timezone
from pydantic import AfterValidator


def aware(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """The moment that is meant; without a zone it is `zone`'s, or the agent's, which signing in made the current one."""
    return timezone.make_aware(moment, zone) if timezone.is_naive(moment) else moment


Moment = Annotated[datetime, AfterValidator(lambda moment: aware(moment))]
