"""Addresses of the database: the owner's, which migrates, and those of the runtime and of the sealer, which may do less
and wait less."""

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

RUNTIME_ROLE = "pobratim_app"
SEALER_ROLE = "pobratim_sealer"
STATEMENT_SECONDS = 15
LOCK_SECONDS = 5
CONNECT_SECONDS = 5
RUNTIME_OPTIONS = (
    f"-c role={RUNTIME_ROLE} -c TimeZone=UTC -c statement_timeout={STATEMENT_SECONDS}s "
    f"-c lock_timeout={LOCK_SECONDS}s -c idle_in_transaction_session_timeout=60s "
    r"-c default_transaction_isolation=read\ committed "  # log.append needs a fresh snapshot after its lock
    "-c max_parallel_workers_per_gather=0 -c jit=off"  # both cost more than what is asked for here takes
)
NOTICE_A_DEAD_NETWORK = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
LET_GO_OPTIONS = (
    "-c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=1 -c tcp_user_timeout=2000"
)
"""The server finds out within about two seconds that the other host is gone, and frees the session's locks. On a unix
socket there is no other host, and they mean nothing."""


def readable(url: str) -> bool:
    """Whether a database can be looked for there: the form is right, and no part of a password is taken for the host
    or the port, as happens where it holds an `@` or a `/` that is not written as `%40` or `%2F`."""
    try:
        given = conninfo_to_dict(url)
    except (psycopg.Error, ValueError):  # ValueError: bytes that are no text
        return False
    numbers = [*str(given.get("port") or "").split(","), str(given.get("connect_timeout") or "").lstrip("-")]
    return "@" not in str(given.get("host") or "") and all(not number or number.isdecimal() for number in numbers)


def runtime_url(url: str, name: str | None = None) -> str:
    """The address with which the program works: as the runtime role, in UTC, with every wait bounded.

    `name` is what the server's list of connections shows. Other options in `url` are kept and win.
    """
    given = conninfo_to_dict(url)
    options = str(given.get("options") or "")
    if RUNTIME_OPTIONS not in options:
        options = f"{RUNTIME_OPTIONS} {options}".strip()
    shown = name or given.get("application_name") or "pobratim"
    waits = {"connect_timeout": CONNECT_SECONDS, **NOTICE_A_DEAD_NETWORK, **given}
    return make_conninfo("", **{**waits, "options": options, "application_name": shown})


def lead_url(url: str, name: str) -> str:
    """As `runtime_url`, for a session that holds a lock for which other hosts wait."""
    given = conninfo_to_dict(url)
    options = f"{LET_GO_OPTIONS} {given.get('options') or ''}".strip()
    return runtime_url(make_conninfo("", **{**given, "options": options}), name)


def sealer_url(url: str, name: str = "pobratim-sealer") -> str:
    """As `runtime_url`, but as the role that may seal and nothing else."""
    given = conninfo_to_dict(runtime_url(url, name))
    options = str(given["options"]).replace(f"role={RUNTIME_ROLE}", f"role={SEALER_ROLE}")
    return make_conninfo("", **{**given, "options": options})


def in_database(url: str, name: str) -> str:
    """The same server and account, another database."""
    return make_conninfo(url, dbname=name)
