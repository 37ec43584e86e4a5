"""`pobratim audit`: the seal of the log, and what an auditor is given."""

from pathlib import Path

import click
from msgspec.structs import asdict

from web.cli.audit_log import audit_log
from web.cli.bundle import bundle
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option, progress
from web.settings import read_settings

_LONGEST_REASON = 500


@click.group()
def audit() -> None:
    """The seal of the log: nobody can change what was recorded without its being seen."""


@audit.command(epilog="Example: pobratim audit seal")
@json_option
def seal(as_json: bool) -> None:
    """Seal every fact now and sign a checkpoint; the server does so by itself every ten seconds."""
    from web.main import installation  # noqa: PLC0415 - the adapters behind it are heavy

    with installation(read_settings()) as pobratim, progress("sealing") as told:
        size = pobratim.auditing.seal(told)
    if as_json:
        json_line({"sealed": size})
    else:
        click.echo(f"{size:,} facts are sealed.")


@audit.command(epilog="Example: pobratim audit verify --json")
@json_option
def verify(as_json: bool) -> int:
    """Compare every fact with its seal. Exit 1 and the first bad position where one is not as it was sealed."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim, progress("comparing") as told:
        found = pobratim.auditing.verify(told)
    if as_json:
        json_line(asdict(found))
    elif found.fault:
        where = f" (first bad position: {found.position})" if found.position is not None else ""
        click.echo(f"NOT as it was sealed: {found.fault}{where}.")
    else:
        click.echo(
            f"{found.origin}: {found.sealed:,} facts and {found.checkpoints:,} checkpoints are as they were sealed."
        )
    return 1 if found.fault else 0


@audit.command(epilog="Example: pobratim audit policy --output policy.json")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def policy(output: Path) -> None:
    """Write which keys this installation answers for. Give the file to an auditor by a way that you trust."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        content = pobratim.auditing.policy()
    try:
        output.write_bytes(content)
    except OSError as fault:
        raise Complaint(f"{output} cannot be written: {fault.strerror or fault}") from fault
    click.echo(f"{output} is written.")


@audit.command(epilog="Example: pobratim audit witness")
@json_option
def witness(as_json: bool) -> int:
    """Show the newest checkpoint to every witness now; the server does so by itself. Exit 1 where one did not sign."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.auditing.witness()
    for one in found:
        if as_json:
            json_line(one)
        else:
            signed = (
                f" {one.size:,} facts at {one.signed_at:%Y-%m-%d %H:%M:%S} UTC" if one.signed_at else " nothing yet"
            )
            click.echo(one.fault or f"{one.name} has cosigned{signed}.")
    if not found and not as_json:
        click.echo("No witness is named. Set POBRATIM_WITNESSES.")
    return int(any(one.fault for one in found))


@audit.command("new-origin", epilog="Example: pobratim audit new-origin --reason 'restored from the backup of 3 March'")
@click.option("--reason", required=True, help="Why the old origin cannot be gone on with; auditors read it.")
def new_origin(reason: str) -> None:
    """Begin a new log after a restore to less. Its first checkpoint names the old origin, its size and its root."""
    from web.main import installation  # noqa: PLC0415

    if not reason.strip() or len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise Complaint(f"--reason takes one line of up to {_LONGEST_REASON} characters.")
    with installation(read_settings()) as pobratim:
        tree = pobratim.auditing.open_origin(reason.strip())
    before = tree.successor_of
    said = f" It follows {before.origin} of {before.size:,} facts." if before else ""
    click.echo(f"The log goes on as {tree.origin}.{said} Give auditors the new policy: pobratim audit policy")


@audit.command("rotate-key", epilog="Example: pobratim audit rotate-key, a month later with --finish")
@click.option("--finish", is_flag=True, help="The old key signs no more.")
def rotate_key(finish: bool) -> None:
    """Let a new key sign beside the old one, until every auditor has the new policy; then finish."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        changed = pobratim.auditing.rotate_key(finish=finish)
    for key in changed:
        click.echo(f"{key} {'signs no more, and its file is gone' if finish else 'signs too'}.")


audit.add_command(bundle)
audit.add_command(audit_log)
