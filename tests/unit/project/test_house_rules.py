"""Rules of the house that no linter knows; CONTRIBUTING.md explains them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools"}


def tracked(*patterns: str) -> list[Path]:
    """The repository's files that match; those on disk where git or its folder is missing."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--", *patterns]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if listed.returncode == 0:
            names = listed.stdout.decode().split("\0")
            return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return [
        path
        for pattern in patterns
        for path in ROOT.rglob(pattern)
        if not any(part[0] == "." or part == "var" for part in path.relative_to(ROOT).parts)
    ]


def test_every_module_has_a_name_of_its_own():
    nameless = [
        path.relative_to(ROOT)
        for path in tracked("*.py")
        if NAMES_THAT_SAY_NOTHING & {path.stem, path.parent.name}
    ]
    assert nameless == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_hold_hashes_and_no_addresses(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert not re.search(r"://|index-url|find-links", text)
    assert [line for line in requirements if "--hash=sha256:" not in line] == []


def test_what_is_declared_is_locked():
    declared = {
        re.split(r"[\[<>=~ #]", line, maxsplit=1)[0].lower().replace("_", "-")
        for name in ("requirements.in", "requirements-dev.in")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and line[0] not in "#-"
    }
    locked = set(
        re.findall(
            r"^([a-z0-9.-]+)==",
            (ROOT / "requirements.txt").read_text(encoding="utf-8")
            + (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert declared - {name.replace(".", "-") for name in locked} == set()


def test_every_decision_record_is_listed():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = [path.name for path in folder.glob("[0-9]*.md")]
    assert [name for name in records if f"[{name[:4]}]({name})" not in index] == []


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in tracked("*.md")
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", document.read_text("utf-8"))
        if "://" not in target
        and not target.startswith("mailto:")
        and not (document.parent / target).exists()
    ]
    assert broken == []


def test_what_make_help_promises_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    helped = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {"demo", "demo-reset", "test", "bench", "format", "lock", "screenshots"} <= helped
