"""`pobratim import register` and `pobratim export register`."""

import sys
from pathlib import Path

import click

from application.access import OPERATOR
from application.importing_report import Report, english
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option, progress
from web.settings import read_settings

PER_MILLE = 1000


@click.group("import", epilog="Example: pobratim import register partnerships.xlsx --dry-run")
def import_() -> None:
    """Bring records of others into the register."""


@import_.command("register", epilog="Example: pobratim import register partnerships.xlsx --dry-run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@json_option
def import_register(file: Path, dry_run: bool, as_json: bool) -> int:
    """Take partnerships and initiatives from a CSV or XLSX table.

    Columns as in the export, by their names or their Serbian titles. A row that the register has already adds no fact,
    so a file may be imported again after it was mended. Exit 1 where a row could not be taken.
    """
    from web.main import installation, open_table  # noqa: PLC0415

    with installation(read_settings()) as pobratim, open_table(file) as table, progress(file.name) as told:
        report = pobratim.importing.take(
            OPERATOR,
            table,
            dry_run=dry_run,
            progress=lambda _report, read: told(int(read * PER_MILLE), PER_MILLE),
            tell=lambda finding: click.echo(english(finding), err=True),
        )
        if report.position and not pobratim.catch_up(report.position):
            click.echo("The facts are recorded; the views are still catching up.", err=True)
    json_line(report) if as_json else _say(report)
    return 1 if report.refused or report.broken else 0


def _say(report: Report) -> None:
    would = "would be " if report.dry_run else ""
    click.echo(f"{report.file}: {report.rows:,} rows read.")
    click.echo(f"  {report.entered:7,} agreements {would}entered")
    click.echo(f"  {report.taken_over:7,} initiatives under way {would}taken over")
    click.echo(f"  {report.new_partners:7,} new partners {would}registered")
    click.echo(
        f"  {report.already_there:7,} already in the register, {report.differing:,} of them with other particulars"
    )
    click.echo(f"  {report.duplicates:7,} repeated within the file")
    click.echo(f"  {report.refused:7,} could not be taken")
    if report.dry_run and report.partners:
        click.echo(f"New partners: {'; '.join(report.partners)}")
    if report.columns_not_read:
        click.echo(f"Columns that were not read: {', '.join(report.columns_not_read)}")
    if report.broken:
        click.echo(report.broken, err=True)


@click.group(epilog="Example: pobratim export register --format xlsx --output register.xlsx")
def export() -> None:
    """Take records out."""


@export.command("register", epilog="Example: pobratim export register --format xlsx --output register.xlsx")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "json"]), required=True)
@click.option("--locale", type=click.Choice(["sr-Latn", "sr-Cyrl", "en"]), default="sr-Latn", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
@click.option("--known-at", "--as-of", default="", help="Only what had been recorded by the end of a day, or a moment.")
@click.option("--valid-at", default="", help="Only what had happened by the end of a day, as it was corrected since.")
def export_register(kind: str, locale: str, output: Path | None, known_at: str, valid_at: str) -> None:
    """The whole register, as it stands now or as it stood. Days are those of the office."""
    from web.forms import Form  # noqa: PLC0415
    from web.main import installation, write_file  # noqa: PLC0415
    from web.past import asked_past  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        past = asked_past(Form.showing(known_at=known_at, valid_at=valid_at), pobratim.clock())
        pieces = pobratim.exported(kind, locale, past.as_of if past else None)
        if output is None:
            sys.stdout.buffer.writelines(pieces)
            return
        try:
            write_file(pieces, output)
        except OSError as fault:
            raise Complaint(f"{output} cannot be written ({fault.strerror}). Name another --output.") from None
    click.echo(f"Written to {output}.", err=True)
