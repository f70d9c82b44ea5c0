"""The five people a visitor of the demo can be; the end-to-end tests sign in as them too."""

from dataclasses import dataclass

COMPANY = "Halden & Lys"
DOMAIN = "haldenlys.example"
# The server whose admin webhook tells the company's Mastodon posts; the demo's MASTODON_SERVER.
MASTODON_HOST = "social.haldenlys.example"


@dataclass(frozen=True, slots=True)
class Persona:
    """A fixed person of every demo world.

    `role` is a word of `app.auth`, None for somebody without a special role; `standing` is where
    among all enrolled people this one is to end up, 0 (first) to 1 (last); None: not enrolled.
    """

    key: str
    label: str
    name: str
    email: str
    role: str | None
    department: str
    office: str
    standing: float | None


EMPLOYEE = Persona(
    "employee", "an employee", "Ana Ferreira", f"ana.ferreira@{DOMAIN}", None,
    "Customer Care", "Lisbon", 0.13,
)  # fmt: skip
HR = Persona(
    "hr", "HR", "Noor Haddad", f"noor.haddad@{DOMAIN}", "hr",
    "People & Culture", "Rotterdam", 0.42,
)  # fmt: skip
COMMUNICATIONS = Persona(
    "communications", "communications", "Tomasz Okafor", f"tomasz.okafor@{DOMAIN}",
    "communications", "Communications", "Rotterdam", 0.06,
)  # fmt: skip
LEADER = Persona(
    "leader", "a leader", "Ingrid Halden", f"ingrid.halden@{DOMAIN}", "leader",
    "Leadership", "Bergen", 0.25,
)  # fmt: skip
ADMINISTRATOR = Persona(
    "administrator", "an administrator", "Mei-Lin Castellanos",
    f"mei-lin.castellanos@{DOMAIN}", "administrator", "Technology", "Toronto", None,
)  # fmt: skip

PERSONAS = (EMPLOYEE, HR, COMMUNICATIONS, LEADER, ADMINISTRATOR)
# One of HR's colleagues, by the world's own names: what touches the first another has to answer.
SECOND_HR = "hr_second"
