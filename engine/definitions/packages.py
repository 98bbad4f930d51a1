"""A process package: diagrams, decision tables, forms, roles and entry points of one method.

``load_package`` reads one from disk; a published one is made again from its stored files with
``Package(files)``. Parsing happens when it is first asked for and is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.definitions import manifest as manifests
from engine.definitions.errors import UnknownDecision
from engine.definitions.forms import Form, read_form
from engine.definitions.manifest import Beside, Entry, Manifest, Role
from engine.definitions.model import Finding, Process
from engine.definitions.package_files import files_at, version_of
from engine.definitions.reading.lanes import with_roles_of_lanes
from engine.definitions.reading.reader import ReadResult, read_processes
from engine.definitions.references import Binding, Part, Reference
from engine.definitions.reporting import Place, Reporter
from engine.definitions.version_tags import tags_of_decisions

if TYPE_CHECKING:
    from engine.decisions import Model as DecisionModel


def load_package(path: Path | str) -> Package:
    """The package in a folder, a zip, or a single ``.bpmn``, ``.dmn`` or ``.form`` file.

    What is wrong inside stands in :attr:`Package.findings`.

    Raises:
        PackageUnreadable: nothing there, not a package, unsafe or too large.
    """
    path = Path(path)
    return Package(files_at(path), name=path.stem)


class Package:
    """The files of a package and what they say. Immutable; safe to share between threads.

    Attributes:
        files: content by relative path, sorted.
        is_single_file: one model without ``pakket.toml``; roles and forms aren't known then.
    """

    def __init__(self, files: Mapping[str, bytes], *, name: str = "") -> None:
        self.files: Mapping[str, bytes] = MappingProxyType(dict(sorted(files.items())))
        self.is_single_file = len(files) == 1 and manifests.FILE not in files
        self._name = name or "pakket"

    def __repr__(self) -> str:
        return f"<Package {self.key} {self.version[:12]}>"

    @cached_property
    def version(self) -> str:
        """The content hash of all files."""
        return version_of(self.files)

    @property
    def key(self) -> str:
        """The package's key; the file's or folder's name where the manifest gives none."""
        return self.manifest.key or self._name

    @property
    def names(self) -> Mapping[str, str]:
        """The package's name by language."""
        return self.manifest.names or {"nl": self.key}

    @property
    def roles(self) -> Mapping[str, Role]:
        """The method's roles by key."""
        return self.manifest.roles

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The ways into the trajectory by key."""
        return self.manifest.entries

    @property
    def beside(self) -> Mapping[str, Beside]:
        """The processes that people start beside a trajectory, by key."""
        return self.manifest.beside

    @property
    def shared(self) -> bool:
        """Whether it is there to be called by other packages, and takes in no referrals."""
        return self.manifest.shared

    @property
    def live_tables(self) -> tuple[str, ...]:
        """The decision tables whose numbers may be changed for what runs, too, by id."""
        return self.manifest.live_tables

    def may_begin(self, process: Process) -> bool:
        """Whether a message or signal may begin a process: not where it is not executable."""
        return process.executable

    @property
    def main_process(self) -> str | None:
        """The id of the main process: the named one, else the only executable one."""
        if self.manifest.main_process:
            return self.manifest.main_process
        executable = [found.id for found in self.processes.values() if found.executable]
        return executable[0] if len(executable) == 1 else None

    @property
    def manifest(self) -> Manifest:
        """What ``pakket.toml`` says."""
        return self._manifest[0]

    @cached_property
    def readings(self) -> tuple[ReadResult, ...]:
        """What each BPMN file holds, in order of path."""
        return tuple(read_processes(self.files[path], path) for path in self._paths(".bpmn"))

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """Every process by id; of two with one id the first counts (and a check finds it)."""
        found: dict[str, Process] = {}
        for reading in self.readings:
            for process in reading.processes:
                if process.id not in found:
                    found[process.id] = with_roles_of_lanes(process, self.roles)
        return MappingProxyType(found)

    @cached_property
    def all_forms(self) -> tuple[Form, ...]:
        """Every form, in order of path."""
        return tuple(read_form(self.files[path], path) for path in self._paths(".form"))

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Every form by id."""
        found: dict[str, Form] = {}
        for form in self.all_forms:
            found.setdefault(form.id, form)
        return MappingProxyType(found)

    @property
    def decision_models(self) -> Mapping[str, DecisionModel]:
        """Every readable DMN file's model by path."""
        return self._decision_models[0]

    @cached_property
    def decisions(self) -> Mapping[str, DecisionModel]:
        """The model that holds a decision, by the decision's id."""
        found: dict[str, DecisionModel] = {}
        for model in self.decision_models.values():
            for decision in model.decisions:
                found.setdefault(decision.id, model)
        return MappingProxyType(found)

    @cached_property
    def decision_tags(self) -> Mapping[str, str]:
        """The version tag of each decision that carries one."""
        return MappingProxyType(tags_of_decisions(self.files[path] for path in self._paths(".dmn")))

    def tag_of(self, part: Part, part_id: str) -> str | None:
        """The version tag that a process or decision of the package carries."""
        if part is Part.DECISION:
            return self.decision_tags.get(part_id)
        process = self.processes.get(part_id)
        return process.version_tag if process else None

    def provides(self, reference: Reference) -> bool:
        """Whether the package itself holds what is asked for, under the tag that is asked for."""
        parts = self.processes if reference.part is Part.PROCESS else self.decisions
        if reference.id not in parts:
            return False
        tagged = reference.binding is Binding.VERSION_TAG
        return not tagged or self.tag_of(reference.part, reference.id) == reference.version_tag

    def evaluate_decision(
        self, decision_id: str, inputs: Mapping[str, Any], now: datetime | None = None
    ) -> Any:
        """The value of a decision.

        Raises:
            UnknownDecision: no decision of the package has this id.
            engine.decisions.errors.InputRefused: a value of a type that FEEL does not know.
        """
        model = self.decisions.get(decision_id)
        if model is None:
            raise UnknownDecision(
                f"Er is geen beslissing ‘{decision_id}’ in dit pakket.",
                "Kies een beslissing die in een .dmn-bestand van het pakket staat.",
                decision_id=decision_id,
            )
        return model.evaluate(decision_id, inputs, now=now)

    @cached_property
    def scenarios(self) -> Mapping[str, bytes]:
        """The scenario files by path."""
        return MappingProxyType(
            {
                path: content
                for path, content in self.files.items()
                if PurePosixPath(path).suffix in (".yaml", ".yml")
                and "scenarios" in PurePosixPath(path).parts[:-1]
            }
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong when the files were read; :func:`check_package` says more."""
        found = list(self._manifest[1])
        for reading in self.readings:
            found.extend(reading.findings)
        for form in self.all_forms:
            found.extend(form.findings)
        found.extend(self._decision_models[1])
        return tuple(found)

    @cached_property
    def _manifest(self) -> tuple[Manifest, tuple[Finding, ...]]:
        report = Reporter(manifests.FILE)
        content = self.files.get(manifests.FILE)
        if content is not None:
            return manifests.read_manifest(content, report), tuple(report.findings)
        if not self.is_single_file:
            report.error(
                "manifest-missing",
                Place(manifests.FILE),
                f"Er is geen {manifests.FILE} in het pakket.",
                f"Maak een {manifests.FILE} met de sleutel, de naam, de rollen en de ingangen.",
            )
        return Manifest(self._name, {"nl": self._name}), tuple(report.findings)

    @cached_property
    def _decision_models(self) -> tuple[Mapping[str, DecisionModel], tuple[Finding, ...]]:
        from engine.decisions import load as load_decisions
        from engine.decisions.errors import DecisionError

        models: dict[str, DecisionModel] = {}
        findings: list[Finding] = []
        paths = self._paths(".dmn")
        for path in paths:
            content = self.files[path]
            others = [self.files[other] for other in paths if other != path]
            try:
                models[path] = load_decisions(
                    content, imports=others if b"import" in content else ()
                )
            except DecisionError as error:
                report = Reporter(path)
                place = Place(error.element_id, "", error.line or 0)
                report.error(error.code, place, error.message, error.remedy)
                findings.extend(report.findings)
        return MappingProxyType(models), tuple(findings)

    def _paths(self, suffix: str) -> list[str]:
        return [path for path in self.files if PurePosixPath(path).suffix.lower() == suffix]
