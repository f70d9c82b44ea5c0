"""Fanfare's own letters: the parts of a family made into one font a weight, and kept.

Laws: a kept font is whole, whoever was ended while it was made; other parts make another one; nothing
else stays in its directory.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import fontTools
from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from app.assets import DIRECTORY

Weight = Literal[400, 700]

FAMILY: Final = "Fanfare Picture"
_MADE: Final = 1  # raise it when they are made otherwise, so that kept ones are made anew
_SOURCE: Final = DIRECTORY / "vendor" / "picture-fonts"
_UNITS: Final = 2048  # Inter's em; Noto's is 1000 and is scaled to it
# Inter comes in parts by script. As fonts of their own they would be drawn without what lies between
# two of them: a Polish name would take its letters from two and lose its spacing.
_PARTS: Final = (
    *(f"inter-{part}" for part in ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext")),
    *("inter-greek", "inter-greek-ext", "noto-sans-hebrew-hebrew", "noto-sans-arabic-arabic"),
)
_WEIGHTS: Final[tuple[Weight, ...]] = (400, 700)
# Family, full name, and the two that would take precedence over them.
_NAMED, _NAMED_OTHERWISE = (1, 4), (16, 17, 21, 22)


def own_fonts(directory: Path) -> Mapping[Weight, Path]:
    """Our font files below a directory; making those that are not there yet takes seconds. OSError."""
    home = directory / fingerprint()
    # As root, the embedded PostgreSQL's account passes through the data directory, and lists nothing.
    directory.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    files = {weight: home / f"{weight}.ttf" for weight in _WEIGHTS}
    for weight, path in files.items():
        if not path.exists():
            _keep(path, _merged(weight))
    return files


def fingerprint() -> str:
    """What our fonts are made of, and how: 16 letters."""
    made_of = hashlib.sha256(f"{_MADE} {fontTools.version}".encode())
    for weight in _WEIGHTS:
        for name in _PARTS:
            made_of.update(_part(name, weight).read_bytes())
    return made_of.hexdigest()[:16]


def _part(name: str, weight: Weight) -> Path:
    return _SOURCE / f"{name}-{weight}-normal.woff2"


def _keep(path: Path, body: bytes) -> None:
    """Another process sees it whole or not at all; should two make it, the later one stays."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _merged(weight: Weight) -> bytes:
    """One font of all parts of a weight."""
    parts = []
    for name in _PARTS:
        with TTFont(_part(name, weight)) as part:
            part.flavor = None
            if part["head"].unitsPerEm != _UNITS:
                scale_upem(part, _UNITS)
            parts.append(BytesIO())
            part.save(parts[-1])
        parts[-1].seek(0)
    merged = Merger(options=Options(drop_tables=["STAT"])).merge(parts)
    names = merged["name"]
    names.names = [one for one in names.names if one.nameID not in _NAMED_OTHERWISE]
    for one in names.names:
        if one.nameID in _NAMED:
            one.string = FAMILY
        elif one.nameID == 6:
            one.string = f"FanfarePicture-{weight}"
    merged["OS/2"].usWeightClass = weight
    made = BytesIO()
    merged.save(made)
    return made.getvalue()
