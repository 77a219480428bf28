"""Deletes what nobody needs any more: ended sessions, old sign-in attempts."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

KEEP_ATTEMPTS = timedelta(days=90)


def forget_sessions() -> int:
    """Sessions that have ended."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def forget_sign_in_attempts() -> int:
    """Who tried to sign in from where, after three months."""
    before = timezone.now() - KEEP_ATTEMPTS
    found = (AccessAttempt, AccessFailureLog, AccessLog)
    return sum(model.objects.filter(attempt_time__lt=before).delete()[0] for model in found)
