"""The people outside the company: a few come again and again, most only once."""

from random import Random

from seeds.faces import REMOTE_HOSTS, Face, face_on

FIRST = (
    "Mara", "Jonas", "Ines", "Piotr", "Amal", "Yuki", "Lars", "Chloé", "Dmytro", "Sofía", "Ravi",
    "Hana", "Olek", "Beatriz", "Tariq", "Anneli", "Kofi", "Zoë", "Mihai", "Linh",
    "דנה", "سلمى", "美咲",
)  # fmt: skip
LAST = (
    "de Wit", "Brandt", "Moreau", "Kowalczyk", "Haddad", "Tanaka", "Sørensen", "Costa", "Bondar",
    "Iglesias", "Patel", "Novák", "Mensah", "Ionescu", "Tran", "Whitfield", "Ångström", "Öztürk",
)  # fmt: skip


class Crowd:
    """The outsiders around each account, remembered so that they come back."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._around: dict[str, list[Face]] = {}
        self._all: dict[str, list[Face]] = {}

    def _stranger(self, platform: str) -> Face:
        rng = self._rng
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        mail = "".join(rng.choices("abcdefghijklmnoprstuvwz", k=rng.randint(4, 9)))
        followers = int(rng.lognormvariate(4.3, 1.3))
        host = rng.choice(REMOTE_HOSTS)
        face = face_on(platform, rng, name, mail, followers, host)
        self._all.setdefault(platform, []).append(face)
        return face

    def somebody(self, around: Face) -> Face:
        """An outsider at that account: often one of its regulars, sometimes somebody new."""
        rng = self._rng
        circle = self._around.setdefault(around.native_id, [])
        if circle and rng.random() < 0.72:
            # Early members of the circle turn up far more often than late ones (Zipf).
            return circle[min(int(rng.paretovariate(0.7)) - 1, len(circle) - 1)]
        others = self._all.get(around.platform)
        face = (
            rng.choice(others) if others and rng.random() < 0.3 else self._stranger(around.platform)
        )
        if face not in circle:
            circle.append(face)
        return face
