"""What the source says of the facts: their order, their words, what records them, and an example of each."""

import ast
import inspect
import re
from collections.abc import Callable
from datetime import datetime
from types import ModuleType, NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin
from uuid import UUID

import msgspec

from domain import pairs
from domain.dates import PartialDate
from domain.initiatives import deeds, links, tasks, terms
from domain.initiatives import events as initiative_events
from domain.initiatives.decisions import beginning
from domain.initiatives.initiative import LEADS_TO
from domain.initiatives.terms import Stage
from domain.kernel import AccountId, Fact, VaultRef
from domain.pairs import PairTakenUp
from domain.partners import decisions as partner_decisions
from domain.partners import events as partner_events
from domain.people import decisions as people_decisions
from domain.people import events as people_events
from domain.subscriptions import decisions as subscription_decisions
from domain.subscriptions import events as subscription_events
from tools.event_words import ACTOR, EXAMPLES, FIELDS, KUMANOVO, MEANINGS, MOMENT, words

_TITLES: Final = {
    initiative_events: "Cases",
    links: "Links between cases",
    tasks: "Tasks on a case",
    partner_events: "Partners abroad",
    pairs: "Pairs",
    people_events: "Requests of persons",
    subscription_events: "Subscriptions by webhook",
}
_HEADING: Final = re.compile(r"^# --- (.+)$")


class Section(msgspec.Struct, frozen=True):
    """Facts that stand together in the source, under the heading that the source gives them."""

    title: str
    facts: list[type[Fact]]


def sections(module: ModuleType) -> list[Section]:
    """The facts of a module in the order of its source."""
    source = inspect.getsource(module)
    found = [Section(_TITLES[module], [])]
    classes = {node.lineno: node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    for number, line in enumerate(source.splitlines(), 1):
        if heading := _HEADING.match(line):
            found.append(Section(_sentence(heading[1]), []))
        kind = getattr(module, classes.get(number, ""), None)
        if isinstance(kind, type) and issubclass(kind, Fact):
            found[-1].facts.append(kind)
    return [section for section in found if section.facts]


def meaning(fact: type[Fact]) -> str:
    """What the source says of the fact, else what `event_words` says. Raises KeyError where neither does."""
    return joined(fact.__dict__.get("__doc__") or MEANINGS[fact.__name__])


def field_meaning(owner: type, name: str) -> str:
    """What the source says of the field, else what `event_words` says. Raises KeyError where neither does."""
    for kind in owner.__mro__:
        if kind.__module__.startswith("domain.") and (said := attribute_docs(kind).get(name)):
            return joined(said)
    return FIELDS.get(f"{owner.__name__}.{name}") or FIELDS[name]


def example(kind: type[Any]) -> Any:
    """An object of the type, true to life as far as `EXAMPLES` goes."""
    return kind(**{field.name: _sample(kind, field.name, field.type) for field in msgspec.structs.fields(kind)})


def recorded_by() -> dict[str, str]:
    """For each fact by its name: the deeds that record it, and the stage that it leads to."""
    taken_up = "Recorded by `propose` and `add-party`, once for each pair that they bring into the case."
    return {
        **_recorded_by_deeds(),
        **_recorded_by_files(partner_decisions, "a partner's file"),
        **_recorded_by_files(people_decisions, "a person's request"),
        **_recorded_by_files(subscription_decisions, "a subscription"),
        PairTakenUp.__name__: taken_up,
    }


def _recorded_by_deeds() -> dict[str, str]:
    by_fact: dict[str, list[deeds.Deed]] = {}
    for deed in deeds.DEEDS.values():
        for name in _made_by(deed.decide):
            by_fact.setdefault(name, []).append(deed)
    said = {name: _from_deeds(name, found) for name, found in by_fact.items()}
    for begins in (beginning.propose, beginning.enter_historic, beginning.take_over):
        for name in _made_by(begins):
            said[name] = f"Recorded by `{_dashed(begins.__name__)}`, as the first fact of a case."
    return said


def _from_deeds(name: str, found: list[deeds.Deed]) -> str:
    codes = " or ".join(f"`{deed.code}`" for deed in found)
    stages = frozenset[Stage]().union(*(deed.stages for deed in found))
    stage = LEADS_TO.get(getattr(initiative_events, name))
    leads = f" Leads to the stage `{stage.value}`." if stage else ""
    return f"Recorded by {codes}, at {_stages(stages)}.{leads}"


def _stages(stages: frozenset[Stage]) -> str:
    if stages == frozenset(Stage):
        return "every stage"
    if stages == terms.LIVE:
        return "every stage that is not final"
    return ", ".join(f"`{stage.value}`" for stage in Stage if stage in stages)


def _recorded_by_files(module: ModuleType, where: str) -> dict[str, str]:
    decisions = [one for _, one in inspect.getmembers(module, inspect.isfunction)]
    made = [(_dashed(decision.__name__), name) for decision in decisions for name in _made_by(decision)]
    return {name: f"Recorded by `{deed}` on {where}." for deed, name in made}


def _made_by(decide: Callable[..., Any]) -> list[str]:
    """Names of the facts that a decision makes: its calls of `e.Something(...)`."""
    calls = (node.func for node in ast.walk(ast.parse(inspect.getsource(decide))) if isinstance(node, ast.Call))
    attributes = (call for call in calls if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name))
    return [one.attr for one in attributes if isinstance(one.value, ast.Name) and one.value.id == "e"]


def _sample(owner: type, name: str, kind: Any) -> Any:
    key = f"{owner.__name__}.{name}"
    if key in EXAMPLES or name in EXAMPLES:
        return EXAMPLES[key] if key in EXAMPLES else EXAMPLES[name]
    arguments = [argument for argument in get_args(kind) if argument not in (NoneType, Ellipsis)]
    if get_origin(kind) in (Union, UnionType):
        return _sample(owner, name, arguments[0])
    if get_origin(kind) is tuple:
        return (_sample(owner, name, arguments[0]),)
    if kind is VaultRef:
        return words(name)
    made: dict[Any, Any] = {bool: True, AccountId: ACTOR, UUID: KUMANOVO, PartialDate: "2026-03-17", datetime: MOMENT}
    if kind in made:
        return made[kind]
    values = getattr(kind, "__members__", None)
    return next(iter(values.values())) if values else example(kind)


def attribute_docs(kind: type) -> dict[str, str]:
    """Names of a class to the text under each, as the source has it."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    found: dict[str, str] = {}
    name = ""
    for node in body.body if isinstance(body, ast.ClassDef) else ():
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                pass
            case ast.Expr(value=ast.Constant(value=str() as text)) if name:
                found[name] = text
            case _:
                name = ""
    return found


def joined(text: str) -> str:
    """One line."""
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _dashed(name: str) -> str:
    return name.replace("_", "-")
