"""What is kept about a person: finding it, reading it, giving it out, correcting and erasing it.

Words that are looked for travel in the bodies of forms only: an address would leave them in logs and histories.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.people import MOST_FOUND
from application.people_finding import Found
from domain.kernel import Refusal, Refused, VaultRef
from domain.people.decisions import Grounds
from domain.people.events import ErasureGround, RequestKind
from web.admin.people import ERASED, PATH, request_page
from web.admin.people_copy import PRINT, account_of, given
from web.admin.people_words import entry_row
from web.forms import TEXT, Form
from web.initiatives.words import ERASURE_GROUNDS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of


class EntryPages(Controller):
    path = f"{PATH}/{{number:str}}"

    @post("/search", status_code=200, sync_to_thread=True)
    def search(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Every entry with the words, and accounts with them in name or address."""
        try:
            with form.reading() as read:
                words = read.line("words")
            found = parts.keeping_people.search(person, number, form.key, words)
        except Refused as refused:
            return request_page(request, person, parts, number, form.refused(refused.refusals), status=422)
        return _found(request, person, parts, number, found, words)

    @post("/entries", status_code=200, sync_to_thread=True)
    def use(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Do with the chosen entries what the button says."""
        keeping, words, wanted = parts.keeping_people, form.value("words")[:200], form.value("do")
        try:
            refs = _refs(form)
            if wanted in ("json", PRINT):
                found = keeping.read(person, number, form.key, refs) if refs else ()
                return given(request, person, parts, number, found, keeping.accounts(person, words), wanted)
            if wanted == "erase":
                return _preview(request, person, parts, number, keeping.kept(person, refs), Form())
            if wanted == "correct":
                return _correction(request, person, parts, number, form, refs)
            found = keeping.read(person, number, form.key, refs)
        except Refused as refused:
            return request_page(request, person, parts, number, form.refused(refused.refusals), status=422)
        return _found(request, person, parts, number, found, words, with_text=True)

    @post("/erase", status_code=303, sync_to_thread=True)
    def erase(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """After the preview, with its ground."""
        keeping, refs = parts.keeping_people, _refs(form)
        try:
            with form.reading() as read:
                ground = read.choice("ground", ErasureGround)
                if not read.ticked("sure"):
                    read.refuse(Refusal("people.not-sure", field="sure"))
            erased = keeping.erase(person, number, form.key, refs, ground)
        except Refused as refused:
            again = form.refused(refused.refusals)
            try:
                found = keeping.kept(person, refs)
            except Refused:
                return request_page(request, person, parts, number, again, status=422)
            return _preview(request, person, parts, number, found, again, status=422)
        spoken = language_of(request)
        said = spoken.count("%(num)s entry is erased.", "%(num)s entries are erased.", erased.entries)
        return see_other(request, f"{PATH}/{number}", _with_warning(said, spoken, listed=erased.listed, parts=parts))

    @post("/correct", status_code=303, sync_to_thread=True)
    def correct(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            refs = _refs(form)
            with form.reading() as read:
                text = read.text("text")
            if len(refs) != 1:
                raise Refused(Refusal("people.one-at-a-time"))
            done = parts.keeping_people.correct(person, number, form.key, refs[0], text)
        except Refused as refused:
            return _correction(request, person, parts, number, form.refused(refused.refusals), _refs(form), status=422)
        spoken = language_of(request)
        said = spoken.gettext("The entry is corrected; the old text is destroyed.")
        return see_other(request, f"{PATH}/{number}", _with_warning(said, spoken, listed=done.listed, parts=parts))


def _refs(form: Form) -> tuple[VaultRef, ...]:
    """The entries that are ticked. What is no reference was not offered, and counts for nothing."""
    found: list[VaultRef] = []
    for value in form.values("entry"):
        try:
            found.append(VaultRef(UUID(value)))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _with_warning(said: str, spoken: Language, *, listed: bool, parts: Parts) -> str:
    """Where a data folder is set and the list of erasures could not be written."""
    if listed or not parts.settings.data_dir:
        return said
    return f"{said} " + spoken.gettext(
        N_("It could not be listed outside the database: run “pobratim doctor”, or a backup may bring it back.")
    )


def _found(
    request: PageRequest,
    person: Person,
    parts: Parts,
    number: str,
    found: Sequence[Found],
    words: str,
    *,
    with_text: bool = False,
) -> Response[Any]:
    spoken, asked = language_of(request), parts.keeping_people.open(person, number).request
    return page(
        request,
        "admin/person_entries.html",
        asked=asked,
        words_=words,
        rows=[entry_row(one, spoken, with_text=with_text) for one in found[:MOST_FOUND]],
        more=len(found) > MOST_FOUND,
        most=MOST_FOUND,
        with_text=with_text,
        accounts=[account_of(one, spoken) for one in parts.keeping_people.accounts(person, words)],
        filters=parts.keeping_people.filters(person, words),
        erases=asked.open and asked.kind is RequestKind.ERASURE,
        corrects=asked.open and asked.kind is RequestKind.CORRECTION,
    )


def _preview(
    request: PageRequest,
    person: Person,
    parts: Parts,
    number: str,
    found: Sequence[Found],
    form: Form,
    status: int = 200,
) -> Response[Any]:
    spoken, asked = language_of(request), parts.keeping_people.open(person, number).request
    return page(
        request,
        "admin/person_erase.html",
        status=status,
        form=form,
        asked=asked,
        rows=[entry_row(one, spoken, with_text=False) for one in found],
        own=any(one.entry.ref == asked.person for one in found),
        grounds=[(ground.value, spoken.gettext(ERASURE_GROUNDS[ground])) for ground in Grounds],
        erased=spoken.gettext(ERASED),
    )


def _correction(
    request: PageRequest,
    person: Person,
    parts: Parts,
    number: str,
    form: Form,
    refs: Sequence[VaultRef],
    status: int = 200,
) -> Response[Any]:
    """Opens with the text as it is; that it was read is recorded. Raises Refused for more than one."""
    keeping, spoken = parts.keeping_people, language_of(request)
    if len(refs) != 1:
        raise Refused(Refusal("people.one-at-a-time"))
    try:
        found = keeping.read(person, number, form.key, refs)[0]
    except Refused as refused:
        return request_page(request, person, parts, number, form.refused(refused.refusals), status=422)
    return page(
        request,
        "admin/person_correct.html",
        status=status,
        form=form if form.refusals else Form.showing(text=found.entry.text),
        asked=keeping.open(person, number).request,
        row=entry_row(found, spoken, with_text=True),
        longest=max(TEXT, len(found.entry.text)),
    )
