"""Which engine a file was made for: by its words, else by what it names, else by who drew it."""

from __future__ import annotations

import pytest

from engine.definitions.reading.demands import MadeFor, made_for
from engine.definitions.reading.xml import parse_bpmn

ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
SPIFF = 'xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core"'
MODELER = 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform='


def engine_of(named: str, used: str = "") -> MadeFor:
    text = (
        f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {named}>'
        f'<process id="p">{used}</process></definitions>'
    )
    return made_for(parse_bpmn(text.encode()))


@pytest.mark.parametrize(
    ("named", "used", "engine"),
    [
        ("", "", MadeFor.ANY),
        (f"{ZEEBE} {CAMUNDA}", "<zeebe:properties/>", MadeFor.CAMUNDA_8),
        (f"{ZEEBE} {CAMUNDA}", '<task id="t" camunda:exclusive="true"/>', MadeFor.ACTIVITI_LIKE),
        (f"{ZEEBE} {CAMUNDA}", "", MadeFor.ANY),
        (f"{ZEEBE} {CAMUNDA}", "<zeebe:properties/><camunda:properties/>", MadeFor.ANY),
        (CAMUNDA, "", MadeFor.ACTIVITI_LIKE),
        (ZEEBE, "", MadeFor.CAMUNDA_8),
        (f'{ZEEBE} {MODELER}"Camunda Platform"', "", MadeFor.ANY),
        (f'{MODELER}"Camunda Cloud"', "", MadeFor.ANY),
        (f'{MODELER}"Camunda Platform"', "", MadeFor.ACTIVITI_LIKE),
        (f'{SPIFF} {MODELER}"Camunda Platform"', "", MadeFor.ANY),
        (f'{SPIFF} {MODELER}"Camunda Cloud"', "<spiff:preScript/>", MadeFor.ANY),
        (
            f'{ZEEBE} {CAMUNDA} {MODELER}"Camunda Cloud"',
            "<zeebe:properties/><camunda:properties/>",
            MadeFor.CAMUNDA_8,
        ),
    ],
)
def test_a_file_says_for_which_engine_it_was_made(named: str, used: str, engine: MadeFor):
    assert engine_of(named, used) is engine
