"""Makes the backup of a release that the upgrade tests restore: by that release's own code.

    python -m scripts.release_backup v0.2.0                  writes tests/upgrades/v0.2.0.zip
    python -m scripts.release_backup e91cdff 0.1.0           the same of any commit, under a name

The release's files are taken out of Git into a folder of their own; its demonstration is filled
with a few families, and backed up. Run it with an environment that fits that release (``make
setup`` there), and commit the file. The tests take every file in that folder.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "upgrades"
REGION = Path("engine/simulation/demonstration/region.toml")
PACKAGE = Path("processes/tussen-in")
COURSES = {
    "casus-a": (30, 34),
    "contact-drie-keer-gemist": (20, 24),
    "andere-vertrouwenspersoon": (12, 16),
    "contra-zelfredzaam": (20, 24),
}
"""Which families: the scenario, and between how many days ago it began. The file stays small."""


def make(revision: str, name: str) -> Path:
    """The backup of a revision; refused when there is one of that name."""
    target = FOLDER / f"{name}.zip"
    if target.exists():
        sys.exit(f"{target} is there already: the backup of a release never changes.")
    with tempfile.TemporaryDirectory(prefix="ketenspoor-release-") as place:
        release = Path(place) / "code"
        _take_out(revision, release)
        _keep_few(release)
        _run(release, "demo", "--fill-only")
        _run(release, "backup", str(target))
    target.chmod(0o644)
    return target


def _take_out(revision: str, to: Path) -> None:
    packed = subprocess.run(
        ["/usr/bin/env", "git", "archive", revision], cwd=ROOT, check=True, capture_output=True
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(to, filter="data")


def _keep_few(release: Path) -> None:
    """Leave out of the demonstration what makes the file large: families, and their scenarios."""
    region = release / REGION
    head = region.read_text("utf-8").partition("[[verloop]]")[0]
    courses = "".join(
        f'[[verloop]]\nscenario = "{scenario}"\naantal = 1\ndagen = [{low}, {high}]\nstil = 0.0\n'
        for scenario, (low, high) in COURSES.items()
    )
    region.write_text(head + courses, "utf-8")
    for scenario in (release / PACKAGE / "scenarios").glob("*.yaml"):
        if scenario.stem not in COURSES:
            scenario.unlink()


def _run(release: Path, *command: str) -> None:
    """A command of the release: its folder comes before what is installed."""
    environment = {**os.environ, "KETENSPOOR_VAR": str(release / "var")}
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "-m", "webui.cli", *command], cwd=release, env=environment, check=True
    )


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    made = make(sys.argv[1], sys.argv[-1])
    print(f"\n{made.relative_to(ROOT)}: {made.stat().st_size / 1000:.0f} kB")
