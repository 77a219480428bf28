"""What the agent is told about a mail that could not be read as it should be; translated where it is shown."""

from __future__ import annotations

from zaguan.lib.sentences import gettext_noop as _

TOO_BIG = _("The mail was too big to be read; only its headers are shown. The original is kept.")


UNREADABLE = _("The mail could not be read fully. The original is kept.")


TOO_MANY_PARTS = _("The mail has too many parts; not all are shown. The original is kept.")


TOO_MANY_FILES = _("The mail has too many attachments; not all are shown. The original is kept.")


TOO_MANY_HEADERS = _("The mail has too many or too long headers; not all were read.")


TOO_MANY_RECIPIENTS = _("The mail has too many recipients; not all were read.")


TOO_LONG = _("The text is too long and was shortened. The original is kept.")


TOO_COMPLEX = _("The formatted text was too large, so it is shown as plain text. The original is kept.")


WRONG_CHARSET = _("Some characters may be wrong: the mail did not use the character set it claims.")


ENCRYPTED = _("The mail is encrypted; open its attachment with a mail program that has the key.")


DAMAGED_WINMAIL = _("The file winmail.dat could not be opened.")


NO_SENDER = _("The mail does not say who sent it.")


OTHER_ADDRESS_IN_NAME = _("The sender's name shows another address than the one the mail came from.")


SEVERAL_SENDERS = _("The mail names several senders; the first one is shown.")
