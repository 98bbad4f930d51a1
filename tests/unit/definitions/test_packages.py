"""Packages out of folders, zips and single files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.definitions import package_files
from engine.definitions.checks import check_package
from engine.definitions.errors import PackageUnreadable, UnknownDecision
from engine.definitions.package_files import files_in_zip, to_zip, version_of
from engine.definitions.packages import Package, load_package
from tests.unit.definitions.diagrams import ENTRY, MANIFEST, form, line

FILES = {
    "pakket.toml": (MANIFEST + ENTRY).encode(),
    "proef.bpmn": line("<bpmn:task id='a' />", ids="a"),
    "formulieren/aanmelding.form": form("aanmelding"),
    "scenarios/een.yaml": b"naam: Een\n",
}


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "proef"
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def test_folder_holds_processes_forms_scenarios_roles_and_entries(folder):
    package = load_package(folder)
    assert package.key == "proef"
    assert package.names == {"nl": "Proef", "en": "Trial"}
    assert package.main_process == "P"
    assert list(package.processes) == ["P"]
    assert list(package.forms) == ["aanmelding"]
    assert list(package.scenarios) == ["scenarios/een.yaml"]
    assert package.roles["projectleider"].function == "project_leader"
    entry = package.entries["aanmelding"]
    assert (entry.message, entry.form_id, entry.by) == ("aanmelding", "aanmelding", ("worker",))
    assert package.findings == ()


def test_zip_and_folder_have_the_same_version_also_with_a_folder_around_it(folder, tmp_path):
    path = tmp_path / "proef.zip"
    path.write_bytes(zipped({f"buiten/{name}": content for name, content in FILES.items()}))
    assert load_package(path).version == load_package(folder).version
    assert load_package(folder).version == version_of(files_in_zip(to_zip(FILES)))


def test_version_follows_content_and_paths():
    one = version_of({"a": b"bc"})
    assert one != version_of({"ab": b"c"})
    assert one != version_of({"a": b"bd"})
    assert one == version_of({"a": b"bc"})


def test_zip_of_the_same_files_is_the_same_bytes():
    assert to_zip(FILES) == to_zip(dict(reversed(FILES.items())))


def test_hidden_files_and_strange_suffixes_stay_out(folder):
    before = load_package(folder).version
    (folder / ".git").mkdir()
    (folder / ".git" / "x.bpmn").write_bytes(b"<a/>")
    (folder / "proef.bpmn~").write_bytes(b"<a/>")
    (folder / "link.bpmn").symlink_to("/etc/hostname")
    assert load_package(folder).version == before


def test_single_file_is_a_package_of_its_own(tmp_path):
    path = tmp_path / "los.bpmn"
    path.write_bytes(FILES["proef.bpmn"])
    package = load_package(path)
    assert package.is_single_file
    assert (package.key, package.main_process) == ("los", "P")
    assert package.findings == ()


@pytest.mark.parametrize("name", ["weg", "los.exe", "kapot.zip"])
def test_what_is_no_package_is_refused(tmp_path, name):
    if name != "weg":
        (tmp_path / name).write_bytes(b"MZ")
    with pytest.raises(PackageUnreadable):
        load_package(tmp_path / name)


@pytest.mark.parametrize(
    "name",
    ["../x.bpmn", "/etc/x.bpmn", "a/../../x.bpmn", "C:/x.bpmn", "a\\..\\x.bpmn", "a//x.bpmn"],
)
def test_paths_out_of_the_zip_are_refused(name):
    with pytest.raises(PackageUnreadable):
        files_in_zip(zipped({"pakket.toml": b"", name: b"<a/>"}))


def test_links_and_doubles_in_a_zip_are_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("x.bpmn")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(PackageUnreadable):
        files_in_zip(target.getvalue())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("x.bpmn", "a")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x.bpmn", "b")
    with pytest.raises(PackageUnreadable):
        files_in_zip(target.getvalue())


def test_zip_bombs_are_stopped_by_what_really_comes_out(monkeypatch):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.bpmn", b"0" * 900_000)
    monkeypatch.setattr(package_files, "MAX_TOTAL_BYTES", 2_000_000)
    with pytest.raises(PackageUnreadable):
        files_in_zip(target.getvalue())
    monkeypatch.setattr(package_files, "MAX_FILE_BYTES", 1_000)
    with pytest.raises(PackageUnreadable):
        files_in_zip(target.getvalue())
    monkeypatch.setattr(package_files, "MAX_FILES", 3)
    with pytest.raises(PackageUnreadable):
        files_in_zip(target.getvalue())


SHARED = MANIFEST.replace('hoofdproces = "P"', "gedeeld = true")
BESIDE = """
[naast.zorg]
bericht = "b"
naam = {nl = "Zorg", en = "Worry"}
door = ["worker"]
"""


@pytest.mark.parametrize(
    ("manifest", "rule"),
    [
        ("geen toml [", "manifest-unreadable"),
        ("", "manifest-key"),
        ('kleur = "rood"\n' + MANIFEST, "manifest-word"),
        (MANIFEST.replace('"proef"', '"Mét spatie"'), "manifest-key"),
        (MANIFEST.replace('functie = "worker"', 'functie = "baas"'), "role-function"),
        (MANIFEST + '[ingangen.x]\nformulier = "y"', "entry-without-message"),
        (MANIFEST + ENTRY.replace('"worker"', '"iedereen"'), "entry-by"),
        (MANIFEST.replace('en = "Trial"', ""), "manifest-name"),
        (MANIFEST + BESIDE, "beside-not-shared"),
        (SHARED + BESIDE.replace('bericht = "b"', ""), "entry-without-message"),
        (SHARED + BESIDE.replace('"worker"', '"openbaar"'), "entry-by"),
        (SHARED + BESIDE.replace('"worker"', ""), "beside-by-nobody"),
        (SHARED + BESIDE + 'nadruk = "ja"', "beside-urgent"),
        (SHARED + BESIDE, "entry-without-start"),
        (SHARED + BESIDE + 'formulier = "weg"', "unknown-form"),
        ("rollen = 3\n" + MANIFEST.split("[rollen")[0], "manifest-unreadable"),
    ],
)
def test_faults_in_the_manifest_are_named(manifest, rule):
    package = Package({**FILES, "pakket.toml": manifest.encode()})
    found = [finding for finding in check_package(package) if finding.rule == rule]
    assert found
    assert all(finding.file == "pakket.toml" for finding in found)


def test_folder_without_manifest_is_named(folder):
    (folder / "pakket.toml").unlink()
    assert [one.rule for one in load_package(folder).findings] == ["manifest-missing"]


def test_unknown_decision_is_an_error_of_its_own():
    with pytest.raises(UnknownDecision):
        Package(FILES).evaluate_decision("norm", {})


@pytest.mark.parametrize("name", ["proces.xml", "proces.bpmn20.xml", "proces.bpmn2", "PROCES.BPMN"])
def test_bpmn_under_the_names_of_other_tools_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(line('<bpmn:task id="a" />', ids="a"))
    package = load_package(tmp_path / name)
    assert package.is_single_file
    assert list(package.processes) == ["P"]
