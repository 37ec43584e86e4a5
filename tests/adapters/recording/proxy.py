"""A network between the program and its database that can be made to lose an answer."""

import contextlib
import socket
import threading

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Network:
    """Forwards to the server; after `lose_the_next_answer` the next request that holds the word is delivered, and its
    answer is not: the line goes dead."""

    def __init__(self, url: str) -> None:
        self._server = conninfo_to_dict(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._word: bytes | None = None
        self.lost = 0
        self.down = False
        port = self._listener.getsockname()[1]
        self.url = make_conninfo(url, host="127.0.0.1", port=port)
        threading.Thread(target=self._serve, daemon=True).start()

    def lose_the_next_answer(self, to: bytes) -> None:
        self._word = to

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.down:
                    client.close()
                    continue
                server = self._reach()
                line = _Line(self, client, server)
                threading.Thread(target=line.requests, daemon=True).start()
                threading.Thread(target=line.answers, daemon=True).start()

    def _reach(self) -> socket.socket:
        host, port = str(self._server.get("host") or "localhost"), int(self._server.get("port") or 5432)
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
            return server
        return socket.create_connection((host, port))

    def loses(self, request: bytes) -> bool:
        if self._word is None or self._word not in request:
            return False
        self._word = None
        self.lost += 1
        return True


class _Line:
    def __init__(self, network: Network, client: socket.socket, server: socket.socket) -> None:
        self._network, self._client, self._server = network, client, server
        self._dead = threading.Event()

    def requests(self) -> None:
        self._pump(self._client, self._server, watch=True)

    def answers(self) -> None:
        self._pump(self._server, self._client, watch=False)

    def _pump(self, source: socket.socket, target: socket.socket, *, watch: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if watch and self._network.loses(data):
                    self._dead.set()
                if not watch and self._dead.is_set():
                    break  # the server has answered, which it does after its commit: hang up without passing it on
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
