"""`pobratim history`."""

import re
from base64 import b64encode
from typing import TYPE_CHECKING

import click
import msgspec

from application.access import OPERATOR
from application.accounts import LOCALES
from application.identity import case_id
from application.past import first_day, seen
from application.reading import NotFound
from domain.initiatives.initiative import fold
from domain.words import CASE_NUMBER
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.settings import read_settings

if TYPE_CHECKING:
    from web.main import Installation
    from web.past import Past


@click.command(epilog="Example: pobratim history 2026-0042 --known-at 2026-03-10 --valid-at 2026-03-01")
@click.argument("case")
@click.option("--known-at", default="", help="Only what had been recorded by the end of a day, or by 2026-03-10T14:30.")
@click.option("--valid-at", default="", help="Only what had happened by the end of a day, as it was corrected since.")
@click.option("--account", is_flag=True, help="An account for a report, as one HTML file on standard output.")
@click.option("--lang", type=click.Choice(LOCALES), default=LOCALES[0], show_default=True, help="Of the account.")
@json_option
def history(case: str, known_at: str, valid_at: str, account: bool, lang: str, as_json: bool) -> None:
    """Facts and state of one case, as they stand now or as they stood. Days are those of the office. Exit 1 where there
    was nothing to see yet."""
    from web.forms import Form  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415
    from web.past import asked_past  # noqa: PLC0415

    if not re.match(CASE_NUMBER, case):
        raise Complaint(f"{case!r} is no case number. Give it as year and running number, such as 2026-0042.")
    if account and as_json:
        raise Complaint("An account is HTML: give either --account or --json.")
    with installation(read_settings()) as pobratim:
        recorded = pobratim.log.read(case_id(case))
        if not recorded:
            raise Complaint(f"There is no case {case}. Look for its number with: pobratim export register --format csv")
        past = asked_past(Form.showing(known_at=known_at, valid_at=valid_at), pobratim.clock())
        if past:
            whole, recorded = recorded, seen(recorded, past.as_of)
            if not recorded:
                first = first_day(whole, past.as_of)
                raise Complaint(f"Of the case {case} there is something to see from {first} on.", 1)
        if account:
            click.echo(_account(pobratim, case, past, lang))
            return
        events = pobratim.feed.events(recorded)
        state = fold([r.fact for r in recorded])  # pyright: ignore[reportArgumentType] - a case's stream holds its facts
    if as_json:
        json_line({"case": case, "state": state, "facts": events})
        return
    for r in recorded:
        fact = msgspec.to_builtins(r.fact)
        name = str(fact.pop("fact")).removeprefix("initiative.")
        happened = fact.pop("occurred_on", None) or "day unknown"
        click.echo(f"{r.version:4}  {name:32} happened {happened:12} recorded {r.recorded_at:%Y-%m-%d %H:%M}Z")
        for key, value in fact.items():
            click.echo(f"      {key}: {msgspec.json.encode(value).decode()}")
    if state is not None:
        click.echo(f"{case} stands at: {state.stage.value}, version {recorded[-1].version}")


def _account(pobratim: "Installation", case: str, past: "Past | None", lang: str) -> str:
    from web.initiatives.account import account_page  # noqa: PLC0415
    from web.initiatives.opening import names_in, opened  # noqa: PLC0415
    from web.language import language  # noqa: PLC0415
    from web.static_files import static_files  # noqa: PLC0415

    work = pobratim.parts().work
    try:
        found = opened(OPERATOR, work, case, past, names_in(language(lang), work))
    except NotFound:
        raise Complaint(f"The views do not hold {case} yet. Start `pobratim worker` and try again.", 1) from None
    style = f"data:text/css;base64,{b64encode(static_files()['pobratim.css'].content).decode()}"
    return account_page(found, OPERATOR, work, pobratim.seal.checkpoint(), pobratim.clock(), style)
