"""The supervisor reads the environment without Django; it must read the same."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from zaguan.config.facts import read_facts


def test_the_supervisor_and_the_settings_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = read_facts()
    assert facts.data == settings.DATA
    assert (facts.host, facts.port) == (settings.HOST, settings.PORT)
    assert facts.base_url == settings.BASE_URL
    assert (facts.smtp_host, facts.smtp_port) == (settings.SMTP_HOST, settings.SMTP_PORT)
    assert facts.web_processes == settings.WEB_PROCESSES
    assert facts.demo == settings.DEMO
    assert facts.language == settings.LANGUAGE_CODE


@pytest.mark.parametrize("words", ["zaguan.config.serving", "zaguan.config.preparing", "zaguan.__main__"])
def test_what_starts_first_does_not_wait_for_django(words: str) -> None:
    code = f"import {words}, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=dict(os.environ), check=False).returncode == 0


def test_an_unknown_word_is_answered_with_the_list() -> None:
    done = subprocess.run([sys.executable, "-m", "zaguan", "dance"], capture_output=True, check=False)
    assert done.returncode == 2
    assert "zaguan serve" in done.stderr.decode()
