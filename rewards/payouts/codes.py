"""The company's own codes in each format: state from a moment on, until the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rewards.connection import Connection
from rewards.payouts.formats import Format
from rewards.refusal import Refused
from scoring import record_audit


async def payout_settings(connection: Connection, chosen: Format) -> dict[str, str]:
    """What is set for a format; where nothing was, the format's own default."""
    rows = await connection.fetch(
        """select distinct on (name) name, value from payout_setting where format = $1
           order by name, id desc""",
        chosen.name,
    )
    known = {row["name"]: row["value"] for row in rows}
    return {setting.name: known.get(setting.name, setting.default) for setting in chosen.settings}


async def set_payout_settings(
    connection: Connection, chosen: Format, values: Mapping[str, str], *, by: int, now: datetime
) -> None:
    """Keep the codes that differ from what is set; raises Refused beside the first wrong one."""
    check_settings(chosen, values)
    async with connection.transaction():
        known = await payout_settings(connection, chosen)
        changed = {
            setting.name: values[setting.name].strip()
            for setting in chosen.settings
            if setting.name in values and values[setting.name].strip() != known[setting.name]
        }
        for name, value in changed.items():
            await connection.execute(
                """insert into payout_setting (format, name, value, person_id, recorded_at)
                   values ($1, $2, $3, $4, $5)""",
                chosen.name,
                name,
                value,
                by,
                now,
            )
        if changed:
            subject = f"payout_format:{chosen.name}"
            await record_audit(connection, by, "payout_settings_set", subject, changed, now)


def check_settings(chosen: Format, values: Mapping[str, str]) -> None:
    """Raise Refused beside the first code the format cannot take."""
    for setting in chosen.settings:
        value = values.get(setting.name, setting.default).strip()
        if not setting.accepts(value):
            raise Refused(f"{setting.label}: {setting.wrong}", field=setting.name)
