"""`pobratim audit log`."""

import sys
from pathlib import Path
from uuid import UUID

import click

from application.access import OPERATOR
from web.cli.faults import Complaint
from web.settings import read_settings


@click.command(
    "log", epilog="Example: pobratim audit log --from 2026-01-01 --kind corrections --format jsonl --output 2026.jsonl"
)
@click.option("--from", "since", default="", metavar="DAY", help="First day of recording; also a month or a year.")
@click.option("--to", "until", default="", metavar="DAY", help="Last day.")
@click.option("--person", default="", help="Who acted, or for whom: the e-mail address or the id of an account.")
@click.option("--case", default="", help="Number of a case.")
@click.option("--kind", "kinds", multiple=True, help="Such as initiative.corrected, or a group such as corrections.")
@click.option("--local-government", default="", metavar="CODE", help="Home of the case today.")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "jsonl", "parquet"]), default="csv")
@click.option("--language", type=click.Choice(["sr-Latn", "sr-Cyrl", "en"]), default="sr-Latn", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; else standard output.")
def audit_log(
    since: str,
    until: str,
    person: str,
    case: str,
    kinds: tuple[str, ...],
    local_government: str,
    form: str,
    language: str,
    output: Path | None,
) -> None:
    """The facts that the page of the log shows under the same filters, newest first, in the same columns."""
    from web.audit.exporting import sheet  # noqa: PLC0415 - the adapters behind it are heavy
    from web.audit.filters import readable  # noqa: PLC0415
    from web.forms import Form  # noqa: PLC0415
    from web.initiatives.naming import Names  # noqa: PLC0415
    from web.language import language as spoken  # noqa: PLC0415
    from web.main import installation, write_file  # noqa: PLC0415
    from web.refusals import sentence  # noqa: PLC0415

    if output is None and sys.stdout.isatty() and form in ("xlsx", "parquet"):
        raise Complaint(f"{form} is no text. Name a file: --output log.{form}")
    with installation(read_settings()) as pobratim:
        work = pobratim.parts().work
        accounts = {account.email: account.id for account in work.accounts.all()}
        who = str(accounts.get(person.strip().lower(), person))
        if person and not _is_id(who):
            raise Complaint(f"There is no account with the address {person}.")
        asked = Form.showing(
            **{"from": since, "to": until},
            person=who,
            case=case,
            kind=kinds,
            local_government=local_government,
        )
        query, read = readable(asked, tuple(work.local_governments.by_code))
        if read.refusals:
            told = (f"--{(r.field or '').replace('_', '-')}: {sentence(r, spoken('en'))}" for r in read.refusals)
            raise Complaint(" ".join(told))
        names = Names(spoken(language), work.local_governments, work.accounts, work.procedures.now())
        pieces = work.fact_writers[form](sheet(OPERATOR, work, names, query))
        if output is None:
            sys.stdout.buffer.writelines(pieces)
            return
        try:
            write_file(pieces, output)
        except OSError as fault:
            raise Complaint(f"{output} cannot be written: {fault.strerror or fault}") from fault
    click.echo(f"{output} is written.")


def _is_id(typed: str) -> bool:
    try:
        return bool(UUID(typed))
    except ValueError:
        return False
