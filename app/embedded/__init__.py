"""PostgreSQL and Valkey from Python wheels, for the demo, for tests and for small installations.

The same engines and the same code path as servers of one's own: only the addresses differ. The
law kept here: nothing but the data outlives the process that started it, not even when that
process is killed, and nobody else on the machine gets in.
"""

from app.embedded.fault import ServiceFault
from app.embedded.postgres import Postgres
from app.embedded.services import DataDirInUse, erase, services
from app.embedded.valkey import Valkey

__all__ = ["DataDirInUse", "Postgres", "ServiceFault", "Valkey", "erase", "services"]
