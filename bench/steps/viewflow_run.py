"""A baseline: Viewflow 2 on SQLite that waits for the disk. Runs in a process of its own.

Each completion locks the process, checks the user's permission, validates the form, keeps the
answers with the process, and goes on; in one transaction. No timers, audit or documents.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.steps.work import ANSWERS, TASKS

ROOT = Path(__file__).resolve().parent.parent.parent
_HERE = "from bench.steps.viewflow_run import main; main()"


def measure(folder: Path, instances: int) -> dict[str, list[float]] | None:
    """Milliseconds of ``starts`` and ``completions``; ``None`` where Viewflow is not installed."""
    baselines = ROOT / ".bench"
    if not (baselines / "viewflow").exists():
        return None
    done = subprocess.run(
        [sys.executable, "-c", _HERE, str(folder / "viewflow.sqlite"), str(instances)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{baselines}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no output"]
        print(f"  Viewflow could not be measured: {last[0]}")
        return None
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def main() -> None:
    """Run instances through and print milliseconds as JSON."""
    _, file, instances = sys.argv
    _set_up(file)
    from django.contrib.auth.models import Permission, User

    user = User.objects.create(username="wilma")
    user.user_permissions.add(Permission.objects.get(codename="view_process"))
    starts, completions = [], []
    for number in range(int(instances) + 1):
        begin = time.perf_counter()
        process_id = _start()
        taken = [(time.perf_counter() - begin) * 1e3]
        for task in TASKS:
            begin = time.perf_counter()
            _complete(user.pk, process_id, task)
            taken.append((time.perf_counter() - begin) * 1e3)
        if number > 0:
            starts.append(taken[0])
            completions.extend(taken[1:])
    print(json.dumps({"starts": starts, "completions": completions}))


def _set_up(file: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    wait = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    database: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
    settings.configure(
        DATABASES={"default": {**database, "OPTIONS": {"init_command": wait}}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            "bench.steps",
        ],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def _start() -> int:
    from django.db import transaction

    from bench.steps.viewflow_flow import Work

    with transaction.atomic():
        return int(Work.start.run().pk)


def _complete(user_id: int, process_id: int, name: str) -> None:
    from django.contrib.auth.models import User
    from django.db import transaction
    from viewflow.workflow.models import Task

    from bench.steps.viewflow_flow import TaskForm, Work

    user = User.objects.get(pk=user_id)
    with transaction.atomic(), Work.lock(process_id):
        node = getattr(Work, name)
        task = Task.objects.get(process_id=process_id, flow_task=node, finished__isnull=True)
        assert node.can_assign(user, task)
        activation = node.activation_class(task)
        activation.assign(user)
        activation.start(None)
        form = TaskForm(ANSWERS)
        assert form.is_valid()
        answers = {**form.cleaned_data, "datum": form.cleaned_data["datum"].isoformat()}
        activation.process.data = {**activation.process.data, **answers}
        activation.process.save()
        activation.execute()
