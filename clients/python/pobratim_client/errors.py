"""What goes wrong, each with one clear line. `Passing` ones are tried again while following."""


class ClientError(Exception):
    """Whatever this package raises of its own."""


class Passing(ClientError):
    """May be over when it is asked again. `after` are the seconds that the server asked to wait."""

    def __init__(self, line: str, after: float = 0.0) -> None:
        super().__init__(line)
        self.after = after


class Unavailable(Passing):
    """The server, or a proxy before it, does not answer, or says that it cannot just now."""


class BadAnswer(Passing):
    """An answer that is no feed: a page of a proxy, half a line, or JSON that is no event."""


class Denied(ClientError):
    """401 or 403: the token is missing, over, or lacks a scope or right; `code` is the server's."""

    def __init__(self, line: str, code: str = "") -> None:
        super().__init__(line)
        self.code = code


class Refused(ClientError):
    """The question cannot be meant: a filter that nobody knows, an address that leads elsewhere."""

    def __init__(self, line: str, code: str = "") -> None:
        super().__init__(line)
        self.code = code


class OtherLog(Refused):
    """The cursor is of another log: it lies beyond the end, or events have another source."""


class CursorFault(ClientError):
    """The cursor cannot be read or kept, is held by another consumer, or was moved meanwhile."""


class WebhookRefused(ClientError):
    """A delivery that is not proven: answer it with 400 or 401, and apply nothing."""


class WebhookRepeated(WebhookRefused):
    """A proven delivery that was taken already, to the second: answer it with 2xx, and apply nothing."""
