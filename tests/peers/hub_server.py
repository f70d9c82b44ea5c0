"""A hub of WebSub on loopback: the one of flask-websub, which asks back, signs, and tells again.

Run by .peers' own Python: `python hub_server.py PORT DATABASE METHOD`. The way in is Google's, /subscribe.
`POST /tell?topic=…` hands it what a topic became, as a publisher would.
"""

from __future__ import annotations

import base64
import sys
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_websub.hub import Hub, SQLite3HubStorage


class Again(Exception):
    """A task is to be run once more."""


class Tasks:
    """What the hub wants of Celery: a thread for each task, once more after a moment where one asks."""

    def task(self, bind: bool = False, max_retries: int = 0) -> Callable[..., Any]:
        def made(function: Callable[..., None]) -> Any:
            return _Task(function, bind, max_retries)

        return made


class _Task:
    def __init__(self, function: Callable[..., None], bind: bool, most: int) -> None:
        self._function, self._bind, self._most = function, bind, most

    def delay(self, *given: Any) -> None:
        self._soon(given, retries=0, countdown=0.0)

    def _soon(self, given: tuple[Any, ...], retries: int, countdown: float) -> None:
        timer = threading.Timer(countdown, self._run, (given, retries))
        timer.daemon = True
        timer.start()

    def _run(self, given: tuple[Any, ...], retries: int) -> None:
        if not self._bind:
            self._function(*given)
            return
        try:
            self._function(_Run(retries), *given)
        except Again:
            if retries < self._most:
                self._soon(given, retries + 1, 0.2)


class _Run:
    """A task that runs, as it sees itself."""

    def __init__(self, retries: int) -> None:
        self.request = self
        self.retries = retries

    def retry(self, countdown: float) -> None:  # its own countdown is minutes
        raise Again


def main(port: int, database: str, method: str) -> None:
    app = Flask("hub")
    hub = Hub(SQLite3HubStorage(database), Tasks(), SIGNATURE_ALGORITHM=method, REQUEST_TIMEOUT=10)
    app.register_blueprint(hub.build_blueprint(url_prefix="/subscribe"))

    @app.get("/")
    def _ready() -> str:
        return "ready"

    @app.post("/tell")
    def _tell() -> str:
        topic = request.args["topic"]
        links = f'<http://127.0.0.1:{port}/subscribe>; rel="hub", <{topic}>; rel="self"'
        hub.send_change_notification.delay(
            topic,
            {
                "headers": {"Link": links, "Content-Type": "application/atom+xml"},
                "content": base64.b64encode(request.get_data()).decode(),
            },
        )
        return "told"

    @app.get("/subscriptions")
    def _subscriptions() -> list[str]:
        return [callback for callback, _ in hub.storage.get_callbacks(request.args["topic"])]

    app.run("127.0.0.1", port, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
