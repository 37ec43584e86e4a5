"""Requests of persons whose data are kept: access, correction, erasure. Only an administrator handles them.

Law on Personal Data Protection (Official Gazette of the Republic of Serbia 87/2018), art. 21, 26, 29 and 30.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, Final
from urllib.parse import unquote_plus
from uuid import UUID

import msgspec

from application import handling
from application.access import Forbidden, Person, Role
from application.accounts import Account, Accounts
from application.handling import Done, Known, Request
from application.identity import RESTORED, command_key, person_request_id, vault_ref
from application.past import AsOf, NotYet, first_day, seen
from application.people_finding import Found, Place, finding, folded_words, places
from application.people_ports import Drafts, ErasedList, Kept, PeopleFacts, PersonVault, SavedFilters
from application.people_requests import Erased, File, ReceivedRequest, Row, SavedFilter, name_of, next_number, own_words
from application.ports import Clock, Conflict, Log, Recorded, VaultEntry, Write
from application.reading import NotFound
from domain.kernel import Command, CommandKey, Refusal, Refused, VaultRef
from domain.people import decisions as d
from domain.people import events as e
from domain.people.request import PersonRequest, fold

MOST_FOUND: Final = 200
"""Entries that one search shows. It is no more than one erasure may take."""


class KeepingPeople:
    """`by` is whoever acts and must be an administrator: every method raises Forbidden for anybody else."""

    def __init__(
        self,
        log: Log,
        facts: PeopleFacts,
        vault: PersonVault,
        accounts: Accounts,
        drafts: Drafts,
        filters: SavedFilters,
        erased: ErasedList | None,
        clock: Clock,
    ) -> None:
        self._log, self._facts, self._vault = log, facts, vault
        self._accounts, self._drafts, self._erased = accounts, drafts, erased
        self._filters, self._clock = filters, clock
        self._as_of: AsOf | None = None

    def at(self, as_of: AsOf) -> "KeepingPeople":
        """The same as of a place on the clocks, for `list` and `open`; what was erased since stays erased."""
        then = copy(self)
        then._as_of = as_of
        return then

    def require(self, by: Person) -> None:
        """Raises Forbidden for anybody who is no administrator."""
        _administers(by)

    # --- reading

    def list(self, by: Person) -> Sequence[Row]:
        """Those that wait first, by their last day; then the others, the newest first."""
        _administers(by)
        requests = list(self._requests().values())
        texts = self._vault.read([request.person for request in requests])
        waiting = sorted((r for r in requests if r.open), key=lambda r: (r.due_on, r.number))
        answered = sorted((r for r in requests if not r.open), key=lambda r: r.number, reverse=True)
        return [Row(request, name_of(texts[request.person])) for request in (*waiting, *answered)]

    def open(self, by: Person, number: str) -> File:
        """Raises NotFound; in the past NotYet."""
        _administers(by)
        whole = self._log.read(person_request_id(number))
        history = self._left(whole)
        request = fold([r.fact for r in _of_people(history)])
        if request is None and self._as_of and whole:
            raise NotYet(first_day(whole, self._as_of))
        if request is None:
            raise NotFound(number)
        return File(request, history, self._vault.read(own_words(request, history)))

    def kept(self, by: Person, entries: Sequence[VaultRef]) -> Sequence[Found]:
        """Chosen entries and where they are used, for a look before something is done with them.

        Raises Refused where there is none of them any more.
        """
        _administers(by)
        return self._found(self._chosen(entries))

    def accounts(self, by: Person, words: str) -> Sequence[Account]:
        """Accounts with the words in name or address."""
        _administers(by)
        return [a for a in self._accounts.all() if finding(folded_words(words), f"{a.name} {a.email}")]

    def filters(self, by: Person, words: str) -> Sequence[SavedFilter]:
        """Filters that somebody saved with the words in the name or in what is looked for; their owners remove them."""
        _administers(by)
        asked, names = folded_words(words), self._accounts.lately()
        return [
            SavedFilter(view.name, names[view.owner].name if view.owner in names else "")
            for view in self._filters.everybodys()
            if finding(asked, f"{view.name} {unquote_plus(view.query)}")
        ]

    # --- the request

    def receive(self, by: Person, key: CommandKey, asked: ReceivedRequest) -> Done:
        """Enter a request; it gets the next number of its year. Raises Refused."""
        _administers(by)
        on = handling.occasion(by, self._clock)
        person = VaultEntry(vault_ref(key, "person"), "person", f"{asked.name}\n{asked.contact}")
        words = VaultEntry(vault_ref(key, "words"), "remark", asked.words) if asked.words else None

        def attempt() -> Done:
            command = d.ReceiveRequest(
                number=next_number(self._requests(), on.today.year),
                kind=asked.kind,
                received_on=asked.received_on,
                person=person.ref,
                words=words.ref if words else None,
            )
            entries = (person, words) if words else (person,)
            request = Request(key=key, command=msgspec.structs.replace(command, number=""), entries=entries)
            mark = handling.digest("person-request", request)
            if (before := self._log.outcome(key, mark)) is not None:
                return Done(stream=RESTORED, number=self._number_of(key), position=before.position, repeated=True)
            stream = person_request_id(command.number)
            saved = handling.keep(self._log, request, mark, on, [Write(stream, 0, d.receive(command, on))])
            return Done(stream=stream, number=command.number, position=saved.position, repeated=saved.repeated)

        return handling.retried(attempt, _lost_race)

    def delay(self, by: Person, number: str, key: CommandKey, reason: str) -> Done:
        """60 days more, once. Raises NotFound, Refused, Conflict."""
        entry = VaultEntry(vault_ref(key, "reason"), "reason", reason)
        return self._do(by, number, key, d.DelayAnswer(reason=entry.ref), entry)

    def grant(self, by: Person, number: str, key: CommandKey, remark: str | None) -> Done:
        """Raises NotFound, Refused, Conflict."""
        entry = VaultEntry(vault_ref(key, "remark"), "remark", remark) if remark else None
        return self._do(by, number, key, d.GrantRequest(remark=entry.ref if entry else None), entry)

    def refuse(self, by: Person, number: str, key: CommandKey, ground: e.RefusalGround, reason: str) -> Done:
        """Raises NotFound, Refused, Conflict."""
        entry = VaultEntry(vault_ref(key, "reason"), "reason", reason)
        return self._do(by, number, key, d.RefuseRequest(ground=ground, reason=entry.ref), entry)

    # --- what is kept about the person

    def search(self, by: Person, number: str, key: CommandKey, words: str) -> Sequence[Found]:
        """Look for words in the vault; that it was done is recorded, the words are not.

        Up to MOST_FOUND and one more, so that the caller can say that there are others. Raises NotFound; Refused.
        """
        _administers(by)
        asked = folded_words(words)
        if not asked:
            raise Refused(Refusal("people.words-short", field="words"))
        if not self.open(by, number).request.open:
            raise Refused(Refusal("people.answered"))
        found = self._found(self._vault.search(asked, MOST_FOUND + 1))
        count = min(len(found), MOST_FOUND)
        self._do(by, number, command_key("search", str(key), str(count)), d.SearchVault(found=count))
        return found

    def read(self, by: Person, number: str, key: CommandKey, entries: Sequence[VaultRef]) -> Sequence[Found]:
        """The texts of some entries; that they were read is recorded. Raises NotFound, Refused."""
        found = self.kept(by, entries)
        refs = tuple(one.entry.ref for one in found)
        self._do(by, number, command_key("read", str(key), *map(str, refs)), d.ReadEntries(entries=refs))
        return found

    def erase(
        self, by: Person, number: str, key: CommandKey, entries: Sequence[VaultRef], ground: e.ErasureGround
    ) -> Erased:
        """Destroy the texts, and everything here that was made from them. Raises NotFound, Refused, Conflict."""
        file = self.open(by, number)
        command = d.EraseEntries(entries=tuple(entries[: d.MOST_ENTRIES]), ground=ground)
        if any(recorded.command == key for recorded in file.history):
            return Erased(len(command.entries), 0, listed=self._list_erasures())
        texts = [one.text for one in self._chosen(command.entries)]
        self._do(by, number, key, command)
        return Erased(len(command.entries), self._drop_drafts(file, texts), self._list_erasures())

    def correct(self, by: Person, number: str, key: CommandKey, entry: VaultRef, text: str) -> Erased:
        """Destroy a text and put the right one in its place. Raises NotFound, Refused, Conflict."""
        file = self.open(by, number)
        if any(recorded.command == key for recorded in file.history):
            return Erased(1, 0, listed=self._list_erasures())
        was = self._chosen([entry])[0]
        words = VaultEntry(vault_ref(key, "text"), was.kind, text, was.stream)
        self._do(by, number, key, d.CorrectEntry(entry=entry, replaced_by=words.ref), words)
        return Erased(1, self._drop_drafts(file, [was.text]), self._list_erasures())

    # --- within

    def _do(self, by: Person, number: str, key: CommandKey, command: Command, words: VaultEntry | None = None) -> Done:
        _administers(by)
        stream = person_request_id(number)
        request = Request(key=key, command=command, entries=(words,) if words else ())
        on = handling.occasion(by, self._clock)
        mark = handling.digest(number, request)

        def attempt() -> Done:
            if (before := self._log.outcome(key, mark)) is not None:
                return Done(stream=stream, number=number, position=before.position, repeated=True)
            now: Known[PersonRequest] = handling.known(self._log, stream, fold)
            facts = d.decide(now.state, command, on)
            saved = handling.keep(self._log, request, mark, on, [Write(stream, now.version, facts)])
            return Done(stream=stream, number=number, position=saved.position, facts=facts, repeated=saved.repeated)

        return handling.retried(attempt, _lost_race)

    def _chosen(self, entries: Sequence[VaultRef]) -> Sequence[Kept]:
        if not entries:
            raise Refused(Refusal("people.none-chosen"))
        found = self._vault.kept(entries[: d.MOST_ENTRIES])
        if len(found) < len(set(entries[: d.MOST_ENTRIES])):
            raise Refused(Refusal("people.entry-gone"))
        return found

    def _found(self, kept: Sequence[Kept]) -> Sequence[Found]:
        streams = {entry.stream for entry in kept if entry.stream}
        known = places(self._log.first(sorted(streams)))
        return [
            Found(entry, known.get(entry.stream, Place("", "")) if entry.stream else Place("", "")) for entry in kept
        ]

    def _drop_drafts(self, file: File, texts: Sequence[str]) -> int:
        return self._drafts.drop(texts, folded_words(file.name or ""))

    def _list_erasures(self) -> bool:
        if self._erased is None:
            return False
        try:
            self._erased.add(self._vault.erasures())
        except OSError:
            return False
        return True

    def _requests(self) -> dict[UUID, PersonRequest]:
        histories: dict[UUID, list[Recorded]] = {}
        for recorded in self._facts.all():
            if recorded.stream != RESTORED:
                histories.setdefault(recorded.stream, []).append(recorded)
        folded = {stream: fold([r.fact for r in _of_people(self._left(h))]) for stream, h in histories.items()}
        return {stream: request for stream, request in folded.items() if request}

    def _left(self, history: Sequence[Recorded]) -> Sequence[Recorded]:
        return seen(history, self._as_of) if self._as_of else history

    def _number_of(self, key: CommandKey) -> str:
        """Of a request that was entered by this command before."""
        made = (r.fact for r in self._facts.all() if r.command == key)
        return next(fact.number for fact in made if isinstance(fact, e.RequestReceived))


def _administers(by: Person) -> None:
    if by.role is not Role.ADMINISTRATOR:
        raise Forbidden("access.administrator-only")


def _lost_race(conflict: Conflict) -> bool:
    return True


def _of_people(history: Iterable[Recorded]) -> list[Any]:
    return [recorded for recorded in history if isinstance(recorded.fact, e.PeopleEvent)]
