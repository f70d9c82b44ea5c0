"""What the figures were measured on; without it they say nothing."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import psutil
from redis.asyncio import Redis


async def described(database_url: str, redis_url: str, directory: Path) -> dict[str, str]:
    """Date, machine and versions, in the words of the table."""
    connection = await asyncpg.connect(database_url)
    try:
        postgres = await connection.fetchval("show server_version")
        durable = [
            f"{name} {await connection.fetchval(f'show {name}')}"
            for name in ("fsync", "synchronous_commit")
        ]
        buffers = await connection.fetchval("show shared_buffers")
    finally:
        await connection.close()
    async with Redis.from_url(redis_url) as redis:
        told: dict[str, Any] = await redis.info("server")
    engine = "Valkey" if "valkey_version" in told else "Redis"
    version = told.get("valkey_version") or told["redis_version"]
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.machine()}",
        "load before": f"{load} (1, 5, 15 minutes; other work makes every figure worse)",
        "versions": f"Python {platform.python_version()}, PostgreSQL {postgres}, {engine} {version}",
        "PostgreSQL": f"{', '.join(durable)}, shared_buffers {buffers}",
        "disk": f"{_sync_us(directory):.0f} µs to write 8 KiB and fdatasync (median)",
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        return platform.processor() or "unknown processor"  # not Linux
    return platform.processor() or "unknown processor"


def _sync_us(directory: Path) -> float:
    file = directory / "sync"
    took = []
    with open(file, "wb", buffering=0) as opened:
        for _ in range(100):
            started = time.perf_counter()
            opened.write(bytes(8192))
            os.fdatasync(opened.fileno())
            took.append((time.perf_counter() - started) * 1e6)
    file.unlink()
    return median(took)
