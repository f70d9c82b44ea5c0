"""E-mail: letters as plain text by the company's own mail server."""

from app.notify.mail.choices import choose_mail, mail_choices
from app.notify.mail.notices import Sender, queue_letters, send_letters
from app.notify.mail.server import MailServer, hand_in, mail_server
from app.notify.mail.set_up import written_since

__all__ = [
    "MailServer",
    "Sender",
    "choose_mail",
    "hand_in",
    "mail_choices",
    "mail_server",
    "queue_letters",
    "send_letters",
    "written_since",
]
