"""The documents say what the program does, lead nowhere that does not exist, and name no machine."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from adapters.recording.topics import published
from domain.initiatives.deeds import DEEDS
from domain.initiatives.terms import TABLE, Stage
from domain.kernel import Fact
from tools import event_catalogue, event_facts, event_words
from web.cli import COMMANDS
from web.settings import Settings

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
WRITTEN: Final = frozenset({".md", ".py", ".sql", ".toml", ".html", ".css", ".js", ".csv", ".po", ".json", ".yml", ""})
NOT_OURS: Final = frozenset({"uv.lock", "node_modules", "dist", "__pycache__", "build"})
MACHINE_PATH: Final = re.compile(r"(?<![\w./-])/(?:work|workspace|root|home|Users|mnt|builds|tmp)/\w")
"""A folder that only the machine of whoever wrote it has."""
CLIMBING: Final = re.compile(r"(?<![\w./])(?:\.\./)+\w[\w./-]*")
LINK: Final = re.compile(r"\[[^\]]*\]\((?P<to>[^)\s]+)\)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def our_files() -> Iterator[Path]:
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name in NOT_OURS or (path.name.startswith(".") and path.name not in {".ci", ".gitignore"}):
                continue
            if path.is_dir():
                folders.append(path)
            elif path.suffix in WRITTEN:
                yield path


def anchors(document: Path) -> set[str]:
    """Of each heading, as renderers make them: small letters, spaces to hyphens, signs left out."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def section(document: Path, heading: str) -> str:
    text = document.read_text("utf-8")
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{document.name} has no section {heading}"
    return found[1]


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


# --- the event catalogue


def test_the_event_catalogue_is_what_the_fact_types_say() -> None:
    committed = event_catalogue.PAGE.read_text("utf-8")

    assert event_catalogue.catalogue(committed) == committed, "run: python -m tools.event_catalogue"


def test_the_event_catalogue_holds_every_published_topic_once() -> None:
    headings = re.findall(r"^### `(.+)`$", event_catalogue.PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(published().current)


def test_a_topic_keeps_the_version_in_which_it_appeared() -> None:
    committed = event_catalogue.PAGE.read_text("utf-8")
    older = committed.replace("Since 0.1.0.", "Since 0.0.7.", 1)

    assert event_catalogue.catalogue(older).count("Since 0.0.7.") == 1


@pytest.mark.parametrize("fact", published().current.values(), ids=lambda fact: fact.__name__)
def test_words_for_the_catalogue_do_not_hide_those_of_the_source(fact: type[Fact]) -> None:
    said_twice = fact.__name__ in event_words.MEANINGS and bool(fact.__dict__.get("__doc__"))

    assert event_facts.meaning(fact)
    assert not said_twice, "the source has a docstring now: drop the words in tools/event_words.py"


# --- documents and code say the same


def test_the_table_of_stages_in_the_office_page_is_the_table_of_the_code() -> None:
    rows = [
        line.split("|")[1:3] for line in section(DOCS / "office.md", "Stages").splitlines() if line.startswith("| `")
    ]
    told = {
        Stage(stage): {Stage(code) for code in codes(following)} for first, following in rows for stage in codes(first)
    }

    assert told == TABLE


def test_the_glossary_knows_every_stage_deed_and_fact() -> None:
    known = set(codes((DOCS / "glossary.md").read_text("utf-8")))
    facts = {topic.rpartition(".v")[0] for topic in published().current}

    assert {*(stage.value for stage in Stage), *DEEDS, *facts} - known == set()


def test_every_command_is_documented() -> None:
    told = section(DOCS / "interfaces.md", "Command line")

    assert [name for name in COMMANDS if f"`pobratim {name}" not in told] == []


def test_every_setting_is_documented() -> None:
    told = section(DOCS / "interfaces.md", "Settings")

    assert [name for name in Settings.__struct_fields__ if f"`POBRATIM_{name.upper()}`" not in told] == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[\[=<>~! ;]", one, maxsplit=1)[0] for one in asked]
    told = codes((DOCS / "decisions" / "0006-dependencies.md").read_text("utf-8"))

    assert [name for name in names if name not in told] == []


# --- links and paths


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_to_files_and_headings_that_exist(document: Path) -> None:
    broken: list[str] = []
    for found in LINK.finditer(document.read_text("utf-8")):
        path, _, anchor = found["to"].partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(found["to"])

    assert broken == []


def test_nothing_names_a_path_of_one_machine() -> None:
    named = [
        f"{name_of(file)}: {found.group()}"
        for file in our_files()
        for found in MACHINE_PATH.finditer(file.read_text("utf-8", errors="replace"))
    ]

    assert named == []


def test_no_document_and_no_source_leads_out_of_the_repository() -> None:
    outside = [
        f"{name_of(file)}: {found.group()}"
        for file in our_files()
        if file.parts[len(ROOT.parts)] != "tests"  # which try such paths on purpose
        for found in CLIMBING.finditer(file.read_text("utf-8", errors="replace"))
        if not (file.parent / found.group()).resolve().is_relative_to(ROOT)
    ]

    assert outside == []


@pytest.mark.parametrize("folder", ["work", "root", "home", "Users", "tmp"])
def test_a_path_of_one_machine_is_recognised(folder: str) -> None:
    assert MACHINE_PATH.search(f"see /{folder}/main")


@pytest.mark.parametrize("text", ["/usr/bin/chromium", "/opt/pobratim/app", "/roots/x", "a/work/x", "/etc/ssl"])
def test_a_path_of_every_system_is_left_alone(text: str) -> None:
    assert not MACHINE_PATH.search(text)
