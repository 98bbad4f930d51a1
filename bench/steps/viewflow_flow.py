"""The work as a Viewflow flow; only importable once Django is set up (``viewflow_run.py``)."""

from __future__ import annotations

from typing import Any

from django import forms
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


class TaskForm(forms.Form):
    """The five fields of each task."""

    keuze = forms.ChoiceField(choices=[("ja", "Ja"), ("nee", "Nee")])
    getal = forms.IntegerField()
    datum = forms.DateField()
    kort = forms.CharField()
    verslag = forms.CharField(widget=forms.Textarea)


def no_page(_request: Any) -> None:
    """The page of a task, which is not asked for here."""


def _task(following: Any) -> Any:
    return flow.View(no_page).Permission("viewflow.view_process").Next(following)


class Work(flow.Flow):
    """Five tasks and a choice. Boundary timers are not in the free edition."""

    process_class = Process

    start = flow.StartHandle(this.begin).Next(this.taak1)
    taak1 = _task(this.taak2)
    taak2 = _task(this.taak3)
    taak3 = _task(this.keus)
    keus = flow.If(lambda act: act.process.data["keuze"] == "ja").Then(this.taak4).Else(this.taak5)
    taak4 = _task(this.taak5)
    taak5 = _task(this.end)
    end = flow.End()

    def begin(self, activation: Any) -> Any:
        """Nothing is asked at the start."""
        activation.process.data = {}
        return activation.process
