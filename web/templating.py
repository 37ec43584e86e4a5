"""Jinja as our pages use it: escaping always on, a missing name is an error, one environment for each language."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from web.components import Components
from web.language import Language, language
from web.refusals import sentence
from web.static_files import static_address
from web.words import words

TEMPLATES = Path(__file__).parent / "templates"


class _Fixed(NodeTransformer):
    """Texts, addresses of files and components whose arguments stand in the template are made when it is compiled:
    an environment speaks one language, and these functions see nothing but their arguments."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._pure = {name: known[name] for name in ("_", "static") if name in known}
        self._components = known.get("c")

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name by which Jinja finds it
        call = cast("nodes.Call", self.generic_visit(node))
        made = self._function(call.node)
        if made is None or call.dyn_args or call.dyn_kwargs:
            return call
        try:
            args = [arg.as_const() for arg in call.args]
            named = {one.key: one.value.as_const() for one in call.kwargs}
        except nodes.Impossible:
            return call
        return nodes.Const(made(*args, **named), lineno=call.lineno, environment=call.environment)

    def _function(self, named: nodes.Node) -> Callable[..., Any] | None:
        match named:
            case nodes.Name():
                return self._pure.get(named.name)
            case nodes.Getattr(node=nodes.Name(name="c")) if self._components is not None:
                return self._components.pure.get(named.attr)
            case _:
                return None


class _Pages(Environment):
    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return cast("nodes.Template", _Fixed(self.globals).visit(super()._parse(source, name, filename)))


@cache
def environment(code: str) -> Environment:
    """For one of LOCALES. Texts are `_('…')` and `ngettext('%(num)s case', '%(num)s cases', n)`."""
    spoken = language(code)
    made = _Pages(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    extended: Any = made  # what the i18n extension adds, and two dicts that Jinja types more narrowly than it means
    extended.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)
    extended.filters.update(_filters(spoken))
    extended.globals.update({"static": static_address, "lang": spoken, "words": words(spoken), "_": _texts(spoken)})
    extended.globals["c"] = Components(made, "components/parts.html")
    return made


def _texts(spoken: Language) -> Callable[..., Markup]:
    """`_` of the templates: as that of the i18n extension, which takes a fifth of a page's time for doing it anew."""
    kept: dict[str, Markup] = {}

    def text(message: str, **values: object) -> Markup:
        found = kept.get(message)
        if found is None:
            found = kept[message] = escape(spoken.gettext(message))
        return found % values if values else found

    return text


def _filters(spoken: Language) -> dict[str, Any]:
    """Show a value as the reader reads it."""
    return {
        "date": spoken.date,
        "long_date": spoken.long_date,
        "weekday_date": spoken.weekday_date,
        "moment": spoken.moment,
        "distance": spoken.distance,
        "deadline": spoken.deadline,
        "number": spoken.number,
        "country": spoken.country,
        "serbian": spoken.name,
        "sentence": partial(sentence, spoken=spoken),
    }
