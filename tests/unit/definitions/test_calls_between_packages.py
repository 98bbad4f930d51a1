"""What the check says of a package beside the packages that it calls."""

from __future__ import annotations

import pytest

from engine.definitions.checks import check_package
from engine.definitions.errors import PackageUnreadable
from engine.definitions.model import Finding
from engine.definitions.neighbours import (
    Neighbours,
    in_order_of_calls,
    packages_at,
    packages_beside,
)
from engine.definitions.packages import Package
from engine.definitions.references import Part
from tests.two_packages import (
    asks,
    call,
    caller,
    decide,
    manifest,
    meeting,
    package,
    process,
    task,
)
from tests.unit.definitions.diagrams import found, rules

INPUT = '<zeebe:ioMapping><zeebe:input source="=1" target="{}" /></zeebe:ioMapping>'
ERROR_END = (
    '<bpmn:endEvent id="mis"><bpmn:errorEventDefinition errorRef="E" /></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="naar-mis" sourceRef="start" targetRef="mis" />'
)


def check(own: Package, *others: Package, tags=None) -> list[Finding]:
    return check_package(own, Neighbours(others, tags))


def test_a_called_process_is_found_in_another_package_and_missed_without_it():
    own = caller(call("Zorgoverleg"), ids="roep")
    assert rules(check(own, meeting())) == set()
    missed = found(check(own), "unknown-process")
    assert missed.element_id == "roep"
    near = caller(call("Zorgoverlg"), ids="roep")
    assert "‘Zorgoverleg’" in found(check(near, meeting()), "unknown-process").remedy


def test_a_decision_is_found_in_a_shared_package_only():
    own = caller(decide("termijn"), ids="beslis")
    assert rules(check(own, meeting())) == set()
    assert ("unknown-decision", "beslis") in rules(check(own, meeting(shared=False)))


def test_two_packages_with_one_process_id_are_told_apart_by_a_finding():
    other = package("ander", {"a.bpmn": process("Traject", ids="")}, manifest("ander"))
    finding = found(check(caller(ids=""), other), "process-of-another-package")
    assert (finding.element_id, finding.level) == ("Traject", "error")
    assert "‘ander’" in finding.message


def test_two_shared_packages_with_one_decision_are_found():
    twin = package(
        "tweeling", {"t.dmn": meeting().files["termijn.dmn"]}, manifest("tweeling", shared=True)
    )
    assert found(check(twin, meeting()), "decision-of-another-package").element_id == "termijn"


def test_a_role_with_tasks_in_the_called_package_must_be_known_here_with_the_same_function():
    own = caller(call("Zorgoverleg"), ids="roep", vertrouwenspersoon="worker")
    finding = found(check(own, meeting()), "called-role-unknown")
    assert (finding.element_id, finding.level) == ("roep", "warning")
    assert "‘voorzitter’" in finding.message
    other = caller(call("Zorgoverleg"), ids="roep", voorzitter="worker")
    assert ("called-role-differs", "roep") in rules(check(other, meeting()))


def test_a_role_of_partners_need_not_be_known_here_since_persons_get_its_tasks():
    shared = package(
        "zorgoverleg",
        {name: content for name, content in meeting().files.items() if name != "pakket.toml"},
        manifest("zorgoverleg", shared=True, voorzitter="partner"),
    )
    own = caller(call("Zorgoverleg"), ids="roep", vertrouwenspersoon="worker")
    assert ("called-role-unknown", "roep") not in rules(check(own, shared), "warning")


def test_roles_are_looked_for_as_far_as_the_called_processes_reach():
    between = package(
        "tussen",
        {"t.bpmn": process("Tussen", call("Zorgoverleg"), ids="roep")},
        manifest("tussen", shared=True, voorzitter="project_leader"),
    )
    own = caller(call("Tussen"), ids="roep", vertrouwenspersoon="worker")
    assert "‘voorzitter’" in found(check(own, between, meeting()), "called-role-unknown").message


def test_what_a_called_process_needs_must_be_given():
    needing = meeting(needs="aanleiding, uiterlijk?")
    without = caller(call("Zorgoverleg"), ids="roep")
    finding = found(check(without, needing), "called-input-missing")
    assert (finding.element_id, finding.level) == ("roep", "error")
    assert "‘aanleiding’" in finding.message
    given = caller(call("Zorgoverleg", more=INPUT.format("aanleiding")), ids="roep")
    assert rules(check(given, needing)) == set()


def test_what_the_caller_knows_already_needs_no_input():
    knows = caller(task("vooraf"), call("Zorgoverleg"), ids="vooraf roep")
    assert rules(check(knows, meeting(needs="gezegd"))) == set()


def test_names_that_callers_give_and_that_a_called_process_brings_are_known():
    uses = '<bpmn:task id="a"><bpmn:extensionElements>{}</bpmn:extensionElements></bpmn:task>'
    mapping = '<zeebe:ioMapping><zeebe:input source="={}" target="x" /></zeebe:ioMapping>'
    own = caller(call("Zorgoverleg"), uses.format(mapping.format("gezegd")), ids="roep a")
    assert not [f for f in check(own, meeting()) if f.rule == "unknown-name"]
    spelled = caller(call("Zorgoverleg"), uses.format(mapping.format("gezegt")), ids="roep a")
    assert "‘gezegd’" in found(check(spelled, meeting()), "unknown-name").remedy
    shared = package(
        "s",
        {
            "s.bpmn": process(
                "S", uses.format(mapping.format("reden")), ids="a", properties=asks(invoer="reden")
            )
        },
        manifest("s", shared=True),
    )
    assert not [f for f in check(shared) if f.rule == "unknown-name"]


def test_an_error_that_a_shared_process_leaves_to_its_caller_is_told_at_the_call():
    content = process("Mis", ids="").replace(
        b"</bpmn:process>",
        f'{ERROR_END}</bpmn:process><bpmn:error id="E" errorCode="geen-gehoor" />'.encode(),
    )
    throwing = package("mis", {"m.bpmn": content}, manifest("mis", shared=True))
    assert "error-not-caught" not in {f.rule for f in check(throwing)}
    finding = found(check(caller(call("Mis"), ids="roep"), throwing), "called-error-not-caught")
    assert finding.element_id == "roep"
    assert "‘geen-gehoor’" in finding.message


def test_packages_that_call_each_other_without_a_wait_are_refused_with_the_round():
    other = package(
        "heen", {"h.bpmn": process("Heen", call("Traject"), ids="roep")}, manifest("heen")
    )
    finding = found(check(caller(call("Heen"), ids="roep"), other), "packages-call-each-other")
    assert (finding.element_id, finding.level) == ("roep", "error")
    assert "Traject → Heen → Traject" in finding.message


@pytest.mark.parametrize("waits_in", ["own", "other"])
def test_packages_that_call_each_other_after_a_wait_are_fine(waits_in: str):
    work = (task("wacht"),) if waits_in == "own" else ()
    own = caller(*work, call("Heen"), ids="wacht roep" if work else "roep")
    there = (task("wacht"),) if waits_in == "other" else ()
    other = package(
        "heen",
        {"h.bpmn": process("Heen", *there, call("Traject"), ids="wacht roep" if there else "roep")},
        manifest("heen", voorzitter="project_leader"),
    )
    assert "packages-call-each-other" not in {f.rule for f in check(own, other)}


def test_a_call_before_the_round_that_ends_at_once_does_not_count_as_a_wait():
    quick = package("snel", {"s.bpmn": process("Snel", ids="")}, manifest("snel", shared=True))
    other = package(
        "heen", {"h.bpmn": process("Heen", call("Traject"), ids="roep")}, manifest("heen")
    )
    own = caller(call("Snel", "eerst"), call("Heen"), ids="eerst roep")
    assert ("packages-call-each-other", "roep") in rules(check(own, quick, other))
    slow = caller(call("Zorgoverleg", "eerst"), call("Heen"), ids="eerst roep")
    assert "packages-call-each-other" not in {f.rule for f in check(slow, meeting(), other)}


def test_a_version_tag_must_exist_and_is_only_sure_among_published_versions():
    own = caller(call("Zorgoverleg", binding="versionTag", tag="2026"), ids="roep")
    assert "unknown-version-tag" not in {f.rule for f in check(own, meeting(tag="2026"))}
    assert found(check(own, meeting(tag="2025")), "unknown-version-tag").level == "warning"
    published = {(Part.PROCESS, "Zorgoverleg"): frozenset({"2025"})}
    finding = found(check(own, meeting(tag="2025"), tags=published), "unknown-version-tag")
    assert finding.level == "error"
    older = {(Part.PROCESS, "Zorgoverleg"): frozenset({"2026"})}
    assert rules(check(own, meeting(tag="2027"), tags=older)) == set()


def test_a_shared_package_needs_no_main_process_and_takes_no_referrals():
    assert rules(check(meeting())) == set()
    entry = '\n[ingangen.a]\nbericht = "a"\nnaam = {nl = "A", en = "A"}\n'
    open_ = package("s", {"s.bpmn": process("S", ids="")}, manifest("s", shared=True) + entry)
    assert "shared-with-entries" in {f.rule for f in check(open_)}
    odd = package("s", {}, manifest("s", shared=True).replace("true", '"ja"'))
    assert "manifest-shared" in {f.rule for f in check(odd)}


def test_called_packages_come_first_and_packages_that_call_each_other_end():
    own, shared = caller(call("Zorgoverleg"), ids="roep", key="a-methode"), meeting()
    assert [one.key for one in in_order_of_calls([own, shared])] == ["zorgoverleg", "a-methode"]
    back = package(
        "heen", {"h.bpmn": process("Heen", call("Traject"), ids="roep")}, manifest("heen")
    )
    there = caller(call("Heen"), ids="roep")
    assert {one.key for one in in_order_of_calls([back, there])} == {"heen", "methode"}


def write(folder, given: Package):
    for path, content in given.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_packages_beside_one_are_those_of_its_tree_and_those_that_are_named(tmp_path):
    own = write(tmp_path / "processes" / "methode", caller(call("Zorgoverleg"), ids="roep"))
    shared = write(tmp_path / "processes" / "gedeeld" / "zorgoverleg", meeting())
    assert [one.key for one in packages_beside(own).packages] == ["zorgoverleg"]
    assert [one.key for one in packages_beside(shared).packages] == ["methode"]
    write(tmp_path / "processes" / "methode-kopie", caller(task("a"), ids="a"))
    assert [one.key for one in packages_beside(own).packages] == ["zorgoverleg"]
    apart = write(tmp_path / "los" / "methode", caller(ids=""))
    assert packages_beside(apart).packages == ()
    assert [one.key for one in packages_beside(apart, [shared]).packages] == ["zorgoverleg"]
    both = packages_at(tmp_path / "processes")
    assert [path.name for path in both] == ["zorgoverleg", "methode", "methode-kopie"]
    with pytest.raises(PackageUnreadable):
        packages_at(tmp_path / "los" / "methode" / "formulieren")


def test_a_correction_that_its_callers_do_not_fit_says_which():
    own = caller(call("Zorgoverleg"), ids="roep")
    assert "caller-does-not-fit" not in {f.rule for f in check(meeting(), own)}
    finding = found(check(meeting(needs="aanleiding"), own), "caller-does-not-fit")
    assert finding.level == "warning"
    assert "‘methode’" in finding.message
    assert "‘aanleiding’" in finding.message
    bound = caller(call("Zorgoverleg", binding="deployment"), ids="roep")
    assert "caller-does-not-fit" not in {f.rule for f in check(meeting(needs="x"), bound)}
