"""Another system at the API: with the token of somebody of the house, and with nothing of a browser."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from httpx import Response

from application.tokens import SCOPES
from tests.web.running import House

API = "/api/v1"
__all__ = ["API", "SCOPES", "Program"]


@dataclass
class Program:
    house: House
    tokens: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict[tuple[str, tuple[str, ...]], str])

    def token(self, who: str, *scopes: str) -> str:
        held = (who, scopes or SCOPES)
        if held not in self.tokens:
            self.tokens[held] = self.house.bearer(who, *held[1])
        return self.tokens[held]

    def ask(
        self, method: str, path: str, who: str = "coordinator", scopes: tuple[str, ...] = SCOPES, **more: Any
    ) -> Response:
        headers = {"authorization": f"Bearer {self.token(who, *scopes)}", **more.pop("headers", {})}
        return self.house.door.request(method, API + path, headers=headers, follow_redirects=False, **more)

    def get(self, path: str, who: str = "coordinator", **more: Any) -> Response:
        return self.ask("GET", path, who, **more)

    def post(self, path: str, body: object, who: str = "coordinator", **headers: str) -> Response:
        """With a key of its own unless it has one; `if_match` and the like as headers have them."""
        given = {"idempotency_key": str(uuid4()), **headers}
        named = {name.replace("_", "-"): value for name, value in given.items() if value}
        return self.ask("POST", path, who, json=body, headers=named)

    def every(self, path: str, of: str, who: str = "coordinator") -> list[dict[str, Any]]:
        """All pages of a list, by the links that lead on."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get(path, who)
            assert answer.status_code == 200, answer.text
            found += answer.json()[of]
            if "link" not in answer.headers:
                assert answer.json()["next"] is None
                return found
            path = answer.headers["link"].partition(">")[0].removeprefix("<" + API)
