"""`pobratim`: the command line. Heavy imports wait until a command needs them, so that `--help` is immediate."""

import contextlib
import errno
import os
import sys
from importlib import import_module
from typing import Final

import click

from web.cli.faults import Complaint, complaint_of

COMMANDS: Final = {
    "demo": "web.cli.demo:demo",
    "serve": "web.cli.serving:serve",
    "worker": "web.cli.serving:worker",
    "migrate": "web.cli.database:migrate",
    "doctor": "web.cli.doctor:doctor",
    "import": "web.cli.register:import_",
    "export": "web.cli.register:export",
    "history": "web.cli.history:history",
    "log": "web.cli.log:log",
    "procedure": "web.cli.procedures:procedure",
    "sweep": "web.cli.sweeping:sweep",
    "views": "web.cli.database:views",
    "audit": "web.cli.audit:audit",
    "people": "web.cli.people:people",
    "subscription": "web.cli.subscriptions:subscription",
    "exchange": "web.cli.exchange:exchange",
    "account": "web.cli.accounts:account",
    "token": "web.cli.tokens:token",
}
_UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


class Commands(click.Group):
    """Finds a command by name and imports its module only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        return getattr(import_module(module), name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pobratim")
def pobratim() -> None:
    """Pobratim tracks international partnership initiatives of Serbian towns and municipalities.

    Begin with: pobratim demo
    """


def main() -> None:
    """Exit 0 on success, 1 where what was checked does not hold, 2 for wrong use: one clear line on stderr."""
    try:
        code = pobratim.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as fault:
        click.echo(fault.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as fault:
        hint = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "pobratim"
        _end(f"{fault.format_message()} See: {hint} --help")
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        _let_go_of_output()
        sys.exit(0)
    except Exception as fault:
        known = complaint_of(fault) or _of_output(fault)
        if known is None:
            raise
        _let_go_of_output()
        _end(str(known), known.code)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _of_output(fault: Exception) -> Complaint | None:
    """Standard output has no name, unlike the files that a command opens."""
    if not isinstance(fault, OSError) or fault.filename is not None or fault.errno not in _UNWRITABLE:
        return None
    return Complaint(f"The output cannot be written ({fault.strerror}). Free some space there, or send it elsewhere.")


def _let_go_of_output() -> None:
    """What a standard output does not take any more would be complained about again at the very end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(line: str, code: int = 2) -> None:
    with contextlib.suppress(OSError):  # nobody can be told
        click.echo(f"pobratim: {' '.join(line.split())}", err=True)
    sys.exit(code)


__all__ = ["Complaint", "main", "pobratim"]
