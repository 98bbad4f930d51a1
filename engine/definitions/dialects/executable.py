"""Which processes of a file run, where the file does not say it or its engine does not ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.definitions.reading.xml import (
    BPMN,
    Node,
    children,
    is_false,
    local_id,
    place_of,
)
from engine.definitions.reporting import Reporter, label

_RUN_ALL: Final = frozenset(
    {
        "http://olive.io/spec/BPMN/MODEL",
        "http://www.imixs.org/bpmn2",
        "https://raw.githubusercontent.com/roger-castaldo/BPMNEngine/master/Extensions",
        "https://raw.githubusercontent.com/roger-castaldo/BPMEngine/master/Extensions",
    }
)
"""Engines that run a process whatever it says of itself."""


def say_executable(root: Node, report: Reporter, *, by_itself: bool, chosen: str | None) -> None:
    """Say of processes that they run, where nobody says it or it is not asked for."""
    processes = list(children(root, "process"))
    said = any(process.get("isExecutable") is not None for process in processes)
    if by_itself and len(processes) > 1 and not said:
        for process in processes:  # who says it of none leaves it open for all
            process.set("isExecutable", "true")
            _executable(process, report)
    for process in processes:
        if chosen is not None and process.get("id") == chosen:
            process.set("isExecutable", "true")
    all_wait = all(is_false(process.get("isExecutable")) for process in processes)
    if by_itself and all_wait and not _RUN_ALL.isdisjoint(root.nsmap.values()):
        for process in processes:
            process.set("isExecutable", "true")
            place = place_of(process)
            report.warning(
                "executable-not-asked",
                place,
                f"Proces {label(place)} staat niet op uitvoerbaar. De engine waarvoor het bestand "
                "gemaakt is vraagt daar niet naar; het is als uitvoerbaar gelezen.",
                "Zet ‘Executable’ aan bij het proces.",
            )


def run_what_is_called(processes: Sequence[Node], report: Reporter) -> None:
    """Processes that a run calls run too, whatever they say of themselves."""
    waiting = {
        process.get("id"): process for process in processes if is_false(process.get("isExecutable"))
    }
    runs = [process for process in processes if process.get("id") not in waiting]
    while runs:
        for call in runs.pop().iter(f"{{{BPMN}}}callActivity"):
            called = waiting.pop(local_id(call.get("calledElement")), None)
            if called is not None:
                called.set("isExecutable", "true")
                runs.append(called)
                place = place_of(called)
                report.warning(
                    "called-as-executable",
                    place,
                    f"Proces {label(place)} staat niet op uitvoerbaar, maar wordt aangeroepen. Het "
                    "is als uitvoerbaar gelezen.",
                    "Zet ‘Executable’ aan bij het proces.",
                )


def _executable(process: Node, report: Reporter) -> None:
    place = place_of(process)
    report.warning(
        "executable-not-said",
        place,
        f"Bij proces {label(place)} staat niet of het uitvoerbaar is (isExecutable). "
        "Het is als uitvoerbaar gelezen.",
        "Zet ‘Executable’ aan bij het proces.",
    )
