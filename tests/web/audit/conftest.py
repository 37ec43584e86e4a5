"""The whole application over a real database."""

from tests.web.casework_stack import coordinator, stack

__all__ = ["coordinator", "stack"]
