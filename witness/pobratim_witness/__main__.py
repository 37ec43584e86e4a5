"""`pobratim-witness keygen|key|serve`: a witness of transparency logs. Exit 2 for wrong use and what cannot be used."""

import argparse
import os
import signal
import stat
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from pobratim_witness.answering import Witness
from pobratim_witness.book import Book, begin, new_folder
from pobratim_witness.files import Fault
from pobratim_witness.notes import Cosigner, LogKey, cosigner, log_key, new_cosigner
from pobratim_witness.serving import Server

BAD_USE = 2
PORT = 8470


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USE, f"pobratim-witness: {message}. See: pobratim-witness --help\n")


def main() -> None:
    try:
        run(sys.argv[1:])
    except Fault as fault:
        print(f"pobratim-witness: {fault}", file=sys.stderr)
        sys.exit(BAD_USE)


def run(arguments: Sequence[str]) -> None:
    """Raises Fault."""
    given = _parser().parse_args(arguments)
    if given.command == "keygen":
        print(keygen(given.name, given.key, given.data_dir))
    elif given.command == "key":
        print(read_key(given.key).verifier_key)
    else:
        serve(read_key(given.key), read_origins(given.origins), given.data_dir, given.host, given.port)


def _parser() -> argparse.ArgumentParser:
    parser = _Arguments(prog="pobratim-witness", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Arguments)
    made = commands.add_parser("keygen", help="make a key and its empty data folder, and print the verifier key")
    made.add_argument("--name", required=True, help="of the witness, such as witness.example.org/w1")
    shown = commands.add_parser("key", help="print the verifier key")
    served = commands.add_parser("serve", help="cosign checkpoints until Ctrl-C or SIGTERM")
    served.add_argument(
        "--origins", type=Path, required=True, help="the logs that are known: ORIGIN VERIFIER-KEY a line"
    )
    served.add_argument("--host", default="127.0.0.1", help="address to listen on")
    served.add_argument("--port", type=int, default=PORT, help=f"{PORT} where none is given")
    for command in (made, shown, served):
        command.add_argument("--key", type=Path, required=True, help="file of the key; nobody else may read it")
    for command in (made, served):
        command.add_argument("--data-dir", type=Path, required=True, help="folder of what was cosigned")
    return parser


def keygen(name: str, key: Path, folder: Path) -> str:
    """The verifier key of a new key. Raises Fault, also where the file or something in the folder is there already."""
    try:
        made = new_cosigner(name)
        new_folder(folder)
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(made.secret() + "\n")
            file.flush()
            os.fsync(file.fileno())
        begin(folder, made.verifier_key)
    except ValueError as fault:
        raise Fault(str(fault)) from fault
    except OSError as fault:
        raise Fault(f"{fault.filename or folder} cannot be made: {fault.strerror}.") from fault
    return made.verifier_key


def read_key(path: Path) -> Cosigner:
    """Raises Fault."""
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Fault(f"{path} can be read by others. Run: chmod 600 {path}")
        return cosigner(path.read_text("utf-8").strip())
    except OSError as fault:
        raise Fault(f"{path} cannot be read: {fault.strerror}.") from fault
    except ValueError as fault:
        raise Fault(f"{path} is no key of a witness: {fault}.") from fault


def read_origins(path: Path) -> Mapping[str, Sequence[LogKey]]:
    """Raises Fault."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise Fault(f"{path} cannot be read: {fault}.") from fault
    found: dict[str, list[LogKey]] = {}
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        try:
            origin, key = parts
            found.setdefault(origin, []).append(log_key(key))
        except ValueError as fault:
            raise Fault(f"{path}, line {number}: {fault}. Write: ORIGIN VERIFIER-KEY") from fault
    if not found:
        raise Fault(f"{path} names no log. Write in each line: ORIGIN VERIFIER-KEY")
    return found


def serve(key: Cosigner, origins: Mapping[str, Sequence[LogKey]], folder: Path, host: str, port: int) -> None:
    """Until Ctrl-C or SIGTERM. Raises Fault."""
    book = Book(folder, key.verifier_key)
    try:
        server = Server(host, port, Witness(key, origins, book))
    except (OSError, OverflowError) as fault:
        raise Fault(f"{host}:{port} cannot be listened on: {getattr(fault, 'strerror', None) or fault}.") from fault

    def stop(_signal: int, _frame: object) -> None:
        threading.Thread(target=server.shutdown).start()  # it waits for the loop below, which this interrupts

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, stop)
    where = f"http://{server.server_address[0]}:{server.server_address[1]}"
    print(f"{key.verifier_key} listens on {where} for {len(origins)} logs", file=sys.stderr, flush=True)
    with server:
        server.serve_forever()
    book.close()


if __name__ == "__main__":
    main()
