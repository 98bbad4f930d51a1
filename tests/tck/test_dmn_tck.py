"""The DMN Technology Compatibility Kit: level 2 whole, level 3 at least 97 of 100 cases."""

from __future__ import annotations

import pytest

from tests.tck.runner import JAVA_CASES, KIT, Outcome, report, run_level

pytestmark = pytest.mark.skipif(
    not KIT.is_dir(), reason=f"the DMN Technology Compatibility Kit is not at {KIT}"
)

LEVEL_3_SHARE = 0.97


def failures(outcomes: list[Outcome]) -> str:
    return "\n".join(
        f"{found.case}: {found.difference}"
        for found in outcomes
        if not found.passed and not found.excepted
    )


def test_every_case_of_level_2_passes() -> None:
    outcomes = run_level("compliance-level-2")
    assert outcomes
    assert failures(outcomes) == "", report("level 2", outcomes)


def test_97_of_100_cases_of_level_3_pass_without_external_java() -> None:
    outcomes = run_level("compliance-level-3")
    counted = [found for found in outcomes if not found.excepted]
    assert counted
    passed = sum(found.passed for found in counted)
    assert passed >= LEVEL_3_SHARE * len(counted), failures(outcomes)


def test_only_cases_of_external_java_are_excepted() -> None:
    assert all("external-java" in name for name in JAVA_CASES)
