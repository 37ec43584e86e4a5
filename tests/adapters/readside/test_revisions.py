"""An installation builds a view anew where its rows would be other ones: by tables, rules, documents and revision."""

import msgspec
import pytest

from adapters.readside import view as described
from adapters.readside.case_file import CaseFileView
from adapters.readside.view import fingerprint
from tools import golden_rows


@pytest.mark.parametrize("view", golden_rows.views(), ids=lambda view: view.name)
def test_other_rows_have_another_revision(view):
    """The rows of a small fixed history are kept beside this file; the message says what to do."""
    assert golden_rows.fault(view) is None, golden_rows.fault(view)


@pytest.mark.parametrize("view", golden_rows.views(), ids=lambda view: view.name)
def test_the_history_leads_to_rows_in_both_pages(view):
    assert all(any(page) for page in golden_rows.made(view).pages)


def test_rows_that_changed_are_told_from_a_revision_that_rose(monkeypatch):
    view = CaseFileView()
    able = CaseFileView.project
    monkeypatch.setattr(CaseFileView, "project", lambda self, page: able(self, page)[:0])
    later = CaseFileView.revision + 1
    assert f"raise its `revision` to {later}" in golden_rows.fault(view)
    monkeypatch.setattr(CaseFileView, "revision", later)
    assert golden_rows.fault(view) == "write the rows of case_file down: run python -m tools.golden_rows"


class Before(msgspec.Struct):
    """One word."""

    place: str


class Reworded(msgspec.Struct):
    """Another word."""

    place: str


class Grown(msgspec.Struct):
    place: str
    since: int = 0


def test_a_fingerprint_follows_revision_and_documents(monkeypatch):
    def of(**changed: object) -> str:
        with monkeypatch.context() as patch:
            for name, value in changed.items():
                patch.setattr(CaseFileView, name, value)
            return fingerprint(CaseFileView())

    assert of() == of()
    assert len({of(), of(revision=CaseFileView.revision + 1), of(keeps=(Before,)), of(keeps=(Grown,))}) == 4


def test_words_about_a_document_are_no_change_of_it():
    def shape(kind: type) -> str:
        return described._shape(kind).replace(kind.__name__, "")

    assert shape(Before) == shape(Reworded)
    assert shape(Before) != shape(Grown)
