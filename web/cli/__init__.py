"""`pobratim`: the command line. Heavy imports wait until a command needs them, so that `--help` is immediate."""

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
    "log": "web.cli.history:log",
    "procedure": "web.cli.procedures:procedure",
    "views": "web.cli.database:views",
    "account": "web.cli.accounts:account",
}


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
    except click.ClickException as fault:
        hint = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "pobratim"
        _end(f"{fault.format_message()} See: {hint} --help")
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as fault:
        known = complaint_of(fault)
        if known is None:
            raise
        _end(str(known), known.code)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _end(line: str, code: int = 2) -> None:
    click.echo(f"pobratim: {' '.join(line.split())}", err=True)
    sys.exit(code)


__all__ = ["Complaint", "main", "pobratim"]
