"""`pobratim demo`: everything on this machine, with the real register in it."""

import os
import signal
import sys
import threading
import time
import webbrowser
from pathlib import Path
from types import FrameType

import click

from web.settings import read_settings

HOST = "127.0.0.1"


def default_folder() -> Path:
    """Where a user's programs keep their data on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "pobratim"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "pobratim"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "pobratim"


@click.command(epilog="Example: pobratim demo --port 8080")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where the data are kept.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
def demo(data_dir: Path | None, port: int, no_browser: bool) -> None:
    """A whole Pobratim on this machine: PostgreSQL, the real register, an account for each role. Ctrl-C ends it,
    the data stay, and a second start goes on in seconds."""
    from web.demo import prepared  # noqa: PLC0415 - heavy
    from web.serving import require_free, run  # noqa: PLC0415

    began = time.monotonic()
    wished = read_settings()
    require_free(HOST, port)
    _end_in_order()
    folder = data_dir or (Path(wished.data_dir) if wished.data_dir else default_folder())
    with prepared(wished, folder, port, told=click.echo) as ready:

        def started() -> None:
            click.echo(
                f"\nPobratim is at {ready.settings.base_url} (after {time.monotonic() - began:.1f} s). Sign in as:"
            )
            for role, address, name in ready.links:
                click.echo(f"  {role:14} {address}  ({name})")
            click.echo("\nFor other commands, such as `pobratim views verify`, in another terminal first:")
            click.echo(f"  export POBRATIM_DATABASE_URL='{ready.settings.database_url}'")
            click.echo(f"  export POBRATIM_DATA_DIR='{ready.settings.data_dir}'")
            click.echo(f"  export POBRATIM_BASE_URL='{ready.settings.base_url}'")
            click.echo(f"\nData: {ready.folder}. Ctrl-C ends it; the data stay.")
            if not no_browser:
                threading.Timer(0.3, webbrowser.open, [ready.links[0][1]]).start()

        run(ready.settings, host=HOST, port=port, workers=1, started=started)


def _end_in_order() -> None:
    """Whoever ends us while the server is not there yet, or closes the terminal, ends PostgreSQL too: as by Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough: the server is being stopped
    raise KeyboardInterrupt
