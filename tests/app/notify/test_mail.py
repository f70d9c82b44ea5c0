"""Letters: only to who wants them, as plain text, by a server that is safe to give a password to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.checkup import Health, findings
from app.notify.mail import (
    MailServer,
    Sender,
    choose_mail,
    hand_in,
    mail_choices,
    mail_server,
    queue_letters,
    send_letters,
    written_since,
)
from app.notify.mail.letter import Letter, composed, header_line
from app.notify.patience import PAUSES
from app.pages.notices import ALSO, WORDS
from app.settings import Settings, SettingsFault
from app.worker.channels import Channels
from rewards import MESSAGES
from rewards.notices import notify
from scoring import Listed, take_roster
from tests.app.notify.post_office import PostOffice, post_office

NOW = datetime.now(UTC).replace(microsecond=0)
SECOND = timedelta(seconds=1)
WON = {"contest": "Autumn <b>answers</b>", "amount": "€25"}


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as listening:
        yield listening


@pytest.fixture
async def ada(connection: Any) -> int:
    await take_roster(connection, [Listed(1, "Ada", "ada@northwind.test", None, None)], None, NOW)
    person: int = await connection.fetchval("select person_id from profile")
    return person


def sender(office: PostOffice) -> Sender:
    server = MailServer("127.0.0.1", office.port, False, "Fanfare <fanfare@northwind.test>")
    return Sender(server, "Northwind", "https://fanfare.northwind.test")


async def tell(
    connection: Any, person: int, kind: Any = "award_won", key: str = "1", at: datetime = NOW
) -> None:
    detail: Any = WON if kind == "award_won" else {"contest": "Autumn", "slug": "autumn"}
    await notify(connection, person, kind, detail, key=key, now=at)


async def states(connection: Any) -> list[str]:
    rows = await connection.fetch("select state from notice_mail order by notice_id")
    return [row["state"] for row in rows]


async def test_a_letter_is_the_sentence_its_page_and_where_to_choose_and_nothing_else(
    connection: Any, office: PostOffice, ada: int
) -> None:
    await tell(connection, ada)
    assert await queue_letters(connection, NOW - SECOND, NOW) == 1
    assert await queue_letters(connection, NOW - SECOND, NOW) == 0
    assert await send_letters(connection, sender(office), NOW) == 1
    assert await send_letters(connection, sender(office), NOW + timedelta(days=1)) == 0
    [letter] = office.letters
    assert letter["To"] == "ada@northwind.test"
    assert letter["From"] == "Fanfare <fanfare@northwind.test>"
    assert letter["Subject"] == "Fanfare: about “Autumn <b>answers</b>”"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://fanfare.northwind.test/me/notices>"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == (
        "You won €25 in “Autumn <b>answers</b>”. Please say whether you accept it.\n\n"
        "https://fanfare.northwind.test/rewards\n\n"
        "-- \nFanfare of Northwind. Only you read this. What you want by e-mail: "
        "https://fanfare.northwind.test/me/notices\n"
    )
    assert await states(connection) == ["delivered"]


async def test_only_what_concerns_ones_own_award_and_account_starts_on() -> None:
    on = {kind for kind, message in MESSAGES.items() if message.mail}
    assert on == {
        "award_won", "award_refused", "award_waits_for_answer", "award_lapsed", "award_paid",
        "award_recovered", "award_passed_to_you", "date_confirmed", "date_refused",
        "sign_in_link_made", "account_contested", "account_decided", "consent_expiring",
        "consent_ended",
    }  # fmt: skip


async def test_every_kind_can_be_chosen_on_the_page() -> None:
    assert set(WORDS) == {kind for kind, message in MESSAGES.items() if message.optional}
    assert set(WORDS) | set(ALSO) == set(MESSAGES)


async def test_one_chooses_kind_by_kind(connection: Any, office: PostOffice, ada: int) -> None:
    await choose_mail(connection, ada, {"award_won": False, "contest_decided": True}, NOW)
    await choose_mail(connection, ada, {"award_won": False}, NOW)
    assert await connection.fetchval("select count(*) from notice_mail_choice") == 2
    choices = await mail_choices(connection, ada)
    assert (choices["award_won"], choices["contest_decided"], choices["award_paid"]) == (
        False, True, True,
    )  # fmt: skip
    await tell(connection, ada)
    await tell(connection, ada, "contest_decided", "2")
    assert await queue_letters(connection, NOW - SECOND, NOW) == 1
    await choose_mail(connection, ada, {"contest_decided": False}, NOW)
    assert await send_letters(connection, sender(office), NOW) == 1
    assert office.letters == []  # changed in time
    assert await states(connection) == ["given_up"]


async def test_who_has_left_the_list_is_not_written_to(
    connection: Any, office: PostOffice, ada: int
) -> None:
    await tell(connection, ada)
    await queue_letters(connection, NOW - SECOND, NOW)
    await connection.execute("delete from profile")
    await send_letters(connection, sender(office), NOW)
    assert office.letters == []
    assert await states(connection) == ["given_up"]


async def test_nothing_of_before_the_server_was_set_up_is_sent(connection: Any, ada: int) -> None:
    assert await written_since(connection, None, NOW) is None
    assert (
        await connection.fetchval("select count(*) from audit where subject = 'installation:mail'")
        == 0
    )
    await tell(connection, ada, at=NOW)
    since = await written_since(connection, "mail.test", NOW + SECOND)
    assert since == NOW + SECOND
    await tell(connection, ada, key="2", at=NOW + 2 * SECOND)
    assert await queue_letters(connection, since, NOW + 3 * SECOND) == 1
    assert await written_since(connection, "mail.test", NOW + 9 * SECOND) == since  # a restart
    assert await written_since(connection, None, NOW + 10 * SECOND) is None
    assert await states(connection) == ["given_up"]
    await tell(connection, ada, key="3", at=NOW + 11 * SECOND)
    again = await written_since(connection, "mail.test", NOW + 12 * SECOND)
    assert again is not None
    assert await queue_letters(connection, again, NOW + 13 * SECOND) == 0


async def test_without_a_mail_server_a_worker_queues_nothing(
    connection: Any, database_url: str, ada: int
) -> None:
    await tell(connection, ada, at=NOW + SECOND)
    settings = Settings(database_url=database_url, secret_key="k" * 40)
    assert await Channels(settings).write(connection) == 0
    assert await connection.fetchval("select count(*) from notice_mail") == 0


async def test_a_worker_with_one_writes(connection: Any, office: PostOffice, ada: int) -> None:
    rounds = Channels(
        Settings(secret_key="k" * 40, smtp_url=office.url(), mail_from="f@northwind.test")
    )
    assert await rounds.write(connection) == 0
    await tell(connection, ada, at=datetime.now(UTC))
    assert await rounds.write(connection) == 2  # queued, and sent
    assert len(office.letters) == 1


async def test_a_server_in_trouble_is_tried_again_and_one_that_refuses_is_not(
    connection: Any, office: PostOffice, ada: int
) -> None:
    office.answers = ["451 later", "250 OK", "550 no such user"]
    await tell(connection, ada)
    await queue_letters(connection, NOW - SECOND, NOW)
    await send_letters(connection, sender(office), NOW)
    assert await states(connection) == ["waiting"]
    assert await send_letters(connection, sender(office), NOW + PAUSES[0]) == 1
    await tell(connection, ada, key="2", at=NOW + SECOND)
    await queue_letters(connection, NOW, NOW + SECOND)
    await send_letters(connection, sender(office), NOW + SECOND)
    assert await states(connection) == ["delivered", "given_up"]
    said = await connection.fetchval("select said from notice_mail where state = 'given_up'")
    assert "no such user" in said
    assert office.letters[0]["Message-ID"] == office.letters[1]["Message-ID"]
    assert office.letters[0]["Message-ID"] != office.letters[2]["Message-ID"]


async def test_two_workers_write_each_letter_once(
    connection: Any, database_url: str, office: PostOffice, ada: int
) -> None:
    for number in range(20):
        await tell(connection, ada, key=f"{number}")
    other = await asyncpg.connect(database_url)

    async def work(on: Any) -> None:
        while await queue_letters(on, NOW - SECOND, NOW) + await send_letters(
            on, sender(office), NOW
        ):
            pass

    await asyncio.gather(work(connection), work(other))
    await other.close()
    assert len({letter["Message-ID"] for letter in office.letters}) == len(office.letters) == 20


async def test_a_hung_server_is_left_after_the_lease_and_the_letter_comes(
    connection: Any, database_url: str, office: PostOffice, ada: int
) -> None:
    await tell(connection, ada)
    await queue_letters(connection, NOW - SECOND, NOW)
    office.patience_s = 60
    dying = await asyncpg.connect(database_url)
    task = asyncio.create_task(send_letters(dying, sender(office), NOW))
    while not office.asked:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await dying.close()
    office.patience_s = 0
    assert await send_letters(connection, sender(office), NOW + timedelta(seconds=89)) == 0
    assert await send_letters(connection, sender(office), NOW + timedelta(seconds=90)) == 1
    assert await states(connection) == ["delivered"]


@pytest.mark.parametrize(
    "subject",
    ["Hello\r\nBcc: all@northwind.test", "Hello\n\n<script>", "a\x00b\u2028Bcc: x@y.test", "\ud800 half",
     "=?utf-8?q?Bcc=3A?=\r\n x", "x" * 2000],
)  # fmt: skip
def test_no_subject_adds_a_header(subject: str) -> None:
    letter = composed(
        Letter(subject, "Hello\r\n.\r\nBcc: x@y.test"), sender="f@northwind.test", to="ada@northwind.test",
        key="1", now=NOW,
    )  # fmt: skip
    raw = letter.as_bytes()
    head = raw.split(b"\r\n\r\n")[0].lower()
    assert b"\r\nbcc:" not in head
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert "\n" not in header_line(subject)


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """Of a server that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=9))
        .sign(key, SHA256())
    )  # fmt: skip
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "server.pem"
    file.write_bytes(pem + made.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


async def test_a_password_goes_to_no_server_that_is_not_trusted(
    certificate: ssl.SSLContext,
) -> None:
    async with post_office(certificate) as office:
        server = MailServer(
            "127.0.0.1", office.port, False, "f@northwind.test", "ada", "top secret"
        )
        answer = await hand_in(server, None)
        assert answer.status is None
        assert "certificate is not trusted" in answer.said
        assert office.signed_in == []
        assert "top secret" not in repr(server) + answer.said


async def test_a_password_never_goes_in_clear(office: PostOffice) -> None:
    server = MailServer("127.0.0.1", office.port, False, "f@northwind.test", "ada", "top secret")
    answer = await hand_in(server, None)
    assert not answer.taken
    assert "STARTTLS" in answer.said
    assert office.signed_in == []


async def test_a_server_that_is_not_there_is_a_sentence() -> None:
    server = MailServer("127.0.0.1", 1, True, "f@northwind.test")
    assert "the connection failed" in (await hand_in(server, None)).said


def settings(**told: str) -> Settings:
    return Settings.from_environment({f"FANFARE_{name}": value for name, value in told.items()})


def test_the_settings_name_the_server() -> None:
    told = settings(
        SMTP_URL="smtp://fan%40fare:p%2Fw%3Ad@mail.test", MAIL_FROM="Fanfare <f@mail.test>"
    )
    assert mail_server(told) == MailServer(
        "mail.test", 587, False, "Fanfare <f@mail.test>", "fan@fare", "p/w:d"
    )
    told = settings(SMTP_URL="smtps://mail.test:2465", MAIL_FROM="f@mail.test")
    assert mail_server(told) == MailServer("mail.test", 2465, True, "f@mail.test")
    assert mail_server(settings(SMTP_URL="smtp://mail.test")) is None
    assert mail_server(settings(MAIL_FROM="f@mail.test")) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMTP_URL", "mail.test:587"), ("SMTP_URL", "https://u:topsecret@mail.test"), ("SMTP_URL", "smtp://"),
     ("SMTP_URL", "smtp://u:topsecret@mail.test:99999"), ("SMTP_URL", "smtp://u:topsecret@mail.test/x"),
     ("MAIL_FROM", "fanfare"), ("MAIL_FROM", "a@b.test, c@d.test"), ("MAIL_FROM", "F <f@b.test"),
     ("MAIL_FROM", "F <f@b.test>>")],
)  # fmt: skip
def test_a_wrong_setting_is_named_and_its_value_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsFault, match=f"FANFARE_{name} must be") as fault:
        settings(**{name: value})
    assert "topsecret" not in str(fault.value)


async def test_the_doctor_tries_the_server(
    database_url: str, redis_url: str, office: PostOffice, tmp_path: Path
) -> None:
    told = Settings(
        database_url=database_url, redis_url=redis_url, secret_key="k" * 40, data_dir=tmp_path
    )
    for changed, health, words in (
        (told, Health.FINE, "nobody is written to"),
        (replace(told, smtp_url=office.url()), Health.BROKEN, "FANFARE_MAIL_FROM is not set"),
        (
            replace(told, smtp_url=office.url(), mail_from="f@northwind.test"),
            Health.FINE,
            "lets us in",
        ),
        (
            replace(told, smtp_url=office.url(who="u:topsecret@"), mail_from="f@northwind.test"),
            Health.BROKEN,
            "STARTTLS",
        ),
    ):
        [found] = [one for one in await findings(changed) if one.subject == "e-mail"]
        assert found.health is health
        assert words in found.words
        assert "topsecret" not in found.words
