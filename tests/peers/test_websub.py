"""A real hub: Fanfare subscribes to channels, answers when asked back, believes what is signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scoring import account_id, unlink
from tests.peers.fanfare import Fanfare
from tests.peers.hub import Hub
from tests.peers.running import Program, until
from tests.ports import free_port

pytestmark = pytest.mark.peers

NETWORK = "youtube"
ADA, COMPANY = (f"{name:0<24}" for name in ("UCada", "UCcompany"))
SECRET = "what-only-the-hub-and-fanfare-know"


def topic(channel: str) -> str:
    return f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}"


def feed(inside: str) -> bytes:
    return (
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom"'
        f' xmlns:at="http://purl.org/atompub/tombstones/1.0">{inside}</feed>'
    ).encode()


def video(name: str, channel: str, title: str = "How a pump works") -> bytes:
    now = datetime.now(UTC).isoformat()
    return feed(
        f"<entry><id>yt:video:{name}</id><yt:videoId>{name}</yt:videoId>"
        f"<yt:channelId>{channel}</yt:channelId><title>{title}</title>"
        f"<published>{now}</published><updated>{now}</updated></entry>"
    )


def deleted(name: str) -> bytes:
    return feed(f'<at:deleted-entry ref="yt:video:{name}" when="{datetime.now(UTC).isoformat()}"/>')


def posted(name: str, channel: str, undone: bool = False) -> tuple[Any, ...]:
    return ("post", name, account_id(NETWORK, channel), None, undone)


@pytest.fixture
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path, getattr(request, "param", "sha256"))
    try:
        made.start()
        yield made
    finally:
        made.kill()


async def installed(fanfare: Callable[..., Fanfare], hub: Hub) -> tuple[Fanfare, Program]:
    """Fanfare with two channels, its web process and a worker running."""
    made = fanfare(
        FANFARE_YOUTUBE_SECRET=SECRET,
        FANFARE_YOUTUBE_HUB=hub.address,
        # Nobody answers there: what is heard here is heard by the hub.
        FANFARE_YOUTUBE_API=(nobody := f"http://127.0.0.1:{free_port()}"),
        FANFARE_PEERS=f"{hub.origin} {nobody}",
    )
    await made.found(NETWORK, {ADA: ADA}, COMPANY)
    made.serve()
    worker = made.program("worker")
    worker.start()
    return made, worker


# Google's hub signs by the first; the strongest is what this hub takes by itself.
@pytest.mark.parametrize("hub", ["sha1", "sha512"], indirect=True)
async def test_every_channel_is_subscribed_to_and_its_videos_are_heard_until_they_go(
    fanfare: Callable[..., Fanfare], hub: Hub
) -> None:
    made, _ = await installed(fanfare, hub)
    await until(lambda: all(len(hub.subscribed(topic(one))) == 1 for one in (ADA, COMPANY)))
    hub.tell(topic(ADA), video("aB3dEfGhIjK", ADA))
    hub.tell(topic(COMPANY), video("cOmPaNy0001", COMPANY))
    heard = {posted("aB3dEfGhIjK", ADA), posted("cOmPaNy0001", COMPANY)}
    await made.ends_with(NETWORK, heard)
    # A title changed; the hub tells the video again.
    hub.tell(topic(ADA), video("aB3dEfGhIjK", ADA, title="How a better pump works"))
    await made.ends_with(NETWORK, heard)
    hub.tell(topic(ADA), deleted("aB3dEfGhIjK"))
    await made.ends_with(
        NETWORK, {posted("aB3dEfGhIjK", ADA, undone=True), posted("cOmPaNy0001", COMPANY)}
    )
    states = await made.connection.fetch("select state, expires_at > now() live from subscription")
    assert [tuple(row) for row in states] == [("active", True)] * 2


async def test_a_subscription_that_somebody_else_asked_for_is_not_confirmed(
    fanfare: Callable[..., Fanfare], hub: Hub
) -> None:
    made, _ = await installed(fanfare, hub)
    await until(lambda: len(hub.subscribed(topic(ADA))) == 1)
    stranger = f"{'UCstranger':0<24}"
    asked = {"hub.topic": topic(stranger), "hub.mode": "subscribe", "hub.secret": SECRET}
    for callback in (
        f"{made.settings.base_url}/webhooks/youtube?channel={stranger}&proof={'0' * 64}",
        hub.subscribed(topic(ADA))[0],  # the proof of another channel
        hub.subscribed(topic(ADA))[0].replace(ADA, stranger),
    ):
        hub.ask_for(asked | {"hub.callback": callback})
    await until(lambda: hub.told().count("Cannot verify subscriber intent") >= 3)
    assert hub.subscribed(topic(stranger)) == []


async def test_a_channel_that_is_nobodys_any_more_is_given_up_at_the_hub(
    fanfare: Callable[..., Fanfare], hub: Hub
) -> None:
    made, worker = await installed(fanfare, hub)
    await until(lambda: len(hub.subscribed(topic(ADA))) == 1)
    worker.kill()  # the next one looks at once, where one that runs looks every two minutes
    await unlink(made.connection, 1, account_id(NETWORK, ADA), datetime.now(UTC))
    made.program("worker").start()
    await until(lambda: hub.subscribed(topic(ADA)) == [])
    assert len(hub.subscribed(topic(COMPANY))) == 1
