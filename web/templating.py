"""Jinja as our pages use it: escaping always on, a missing name is an error, one environment for each language."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from web.components import Components
from web.language import Language, language
from web.refusals import sentence
from web.static_files import static_address
from web.words import words

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(code: str) -> Environment:
    """For one of LOCALES. Texts are `_('…')` and `ngettext('%(num)s case', '%(num)s cases', n)`."""
    spoken = language(code)
    made = Environment(
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
