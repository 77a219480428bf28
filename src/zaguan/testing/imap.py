"""Debian's IMAP server, for one test run."""

from __future__ import annotations

import contextlib
import getpass
import grp
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zaguan.testing.processes import answers, folder_for, free_port, running, wait_until

TEMPLATE = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
mail_home = {folder}/mail/%u
mailbox_list_index = no
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running IMAP server: where it listens, and where it keeps the mail of each user."""

    host: str
    port: int
    mail: Path

    def maildir(self, user: str) -> Path:
        """The folder of `user`'s messages."""
        return self.mail / user


@contextlib.contextmanager
def dovecot(users: dict[str, str]) -> Iterator[Dovecot]:
    """Debian's IMAP server for `users` (name → password), without TLS, on the loopback."""
    owner = "mail" if os.geteuid() == 0 else None
    with folder_for("imap", None) as folder:
        folder.chmod(0o755)
        mail = folder / "mail"
        mail.mkdir()
        if owner:
            shutil.chown(mail, owner, owner)
        (folder / "users").write_text(
            "".join(f"{name}:{{PLAIN}}{secret}\n" for name, secret in users.items())
        )
        port = free_port()
        (folder / "dovecot.conf").write_text(settings_for(folder, port, owner))
        with running([dovecot_program(), "-F", "-c", str(folder / "dovecot.conf")], folder / "log"):
            wait_until(lambda: answers(port), "Dovecot", log=folder / "dovecot.log")
            yield Dovecot("127.0.0.1", port, mail)


def dovecot_program() -> str:
    """The path of Dovecot, or an empty string when it is not installed."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def settings_for(folder: Path, port: int, owner: str | None) -> str:
    """As root, mail belongs to `owner`; otherwise everything runs as the person who tests."""
    me = getpass.getuser()
    return TEMPLATE.format(
        folder=folder,
        port=port,
        owner=owner or me,
        group="dovecot" if owner else grp.getgrgid(os.getgid()).gr_name,
        internal="dovecot" if owner else me,
        login="dovenull" if owner else me,
    )
