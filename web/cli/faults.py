"""What may go wrong for a known reason, and the one line that says so."""

from application.ports import UnreadableFact


class Complaint(Exception):
    """Wrong use or bad input: what, where, how to mend it, in one line. `code` is the exit."""

    def __init__(self, line: str, code: int = 2) -> None:
        super().__init__(line)
        self.code = code


def complaint_of(fault: Exception) -> Complaint | None:
    """The line for a known fault; None for one that nobody foresaw, which deserves its trace."""
    from web.main import known_fault  # noqa: PLC0415 - the adapters behind it are heavy

    if isinstance(fault, Complaint):
        return fault
    text = known_fault(fault)
    return Complaint(text, 1 if isinstance(fault, UnreadableFact) else 2) if text else None
