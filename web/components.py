"""The components of all pages, remembered: a macro that sees only its arguments is made once for each of them."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, cast

from jinja2 import Environment
from jinja2.runtime import Macro

MOST: Final = 4096
"""Results that are kept for each macro and language."""


class Components:
    """The macros of one template. Those with a body, and calls with arguments that cannot be compared, go through."""

    def __init__(self, made: Environment, template: str) -> None:
        macros = {
            name: macro for name, macro in vars(made.get_template(template).module).items() if isinstance(macro, Macro)
        }
        self.pure: Final = {name: _remembered(macro) for name, macro in macros.items() if not macro.caller}
        """Those without a body."""
        vars(self).update(macros | self.pure)


def _remembered(macro: Macro) -> Callable[..., Any]:
    # Typed, because a text that is markup and the same text that still has to be escaped are equal.
    known = lru_cache(MOST, typed=True)(macro.__call__)

    def made(*args: Any, **named: Any) -> Any:
        try:
            return known(*args, **named)
        except TypeError:
            return cast("Callable[..., Any]", macro)(*args, **named)

    return made
