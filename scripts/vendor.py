"""Fetches and checks the prebuilt browser files that `webui/static/vendor/vendor.toml` lists.

python -m scripts.vendor            fetch with npm what is missing, then check
python -m scripts.vendor --record   fetch everything anew and write the checksums
python -m scripts.vendor --check    only compare the files with the checksums
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "webui" / "static" / "vendor"
MANIFEST = VENDOR / "vendor.toml"


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """One file: where it comes from inside its npm package and where it stands here."""

    package: str
    version: str
    source: str
    target: Path
    sha256: str


def vendored_files(manifest: Path = MANIFEST) -> Iterator[VendoredFile]:
    """Every file of the manifest, in its order."""
    for package in tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]:
        for source, file in package["files"].items():
            target = manifest.parent / package["folder"] / file["to"]
            yield VendoredFile(package["name"], package["version"], source, target, file["sha256"])


def checksum(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def problems() -> list[str]:
    """What is missing, changed or present without being listed."""
    files = list(vendored_files())
    found = []
    for file in files:
        name = file.target.relative_to(VENDOR)
        if not file.target.is_file():
            found.append(f"{name}: missing")
        elif checksum(file.target) != file.sha256:
            found.append(f"{name}: differs from its checksum")
    listed = {file.target for file in files} | {MANIFEST, VENDOR / ".gitattributes"}
    found += [
        f"{path.relative_to(VENDOR)}: not in vendor.toml"
        for path in sorted(VENDOR.rglob("*"))
        if path.is_file() and path not in listed
    ]
    return found


def fetch(files: list[VendoredFile]) -> None:
    """Take the files out of their npm packages, unchanged."""
    wanted = {(file.package, file.version) for file in files}
    for package, version in sorted(wanted):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["npm", "pack", "--silent", "--pack-destination", folder, f"{package}@{version}"],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            (archive,) = Path(folder).glob("*.tgz")
            with tarfile.open(archive) as tar:
                for file in files:
                    if file.package != package:
                        continue
                    member = tar.extractfile(f"package/{file.source}")
                    if member is None:
                        raise SystemExit(f"{package}@{version} has no {file.source}")
                    file.target.parent.mkdir(parents=True, exist_ok=True)
                    file.target.write_bytes(member.read())
        print(f"{package} {version}")


def record() -> None:
    """Write the checksums of the files that stand here into the manifest."""
    text = MANIFEST.read_text(encoding="utf-8")
    for file in vendored_files():
        line = re.compile(
            rf'("{re.escape(file.source)}" = {{ to = "{re.escape(file.target.name)}", sha256 = )"'
            r'[0-9a-f]*"'
        )
        start = text.index(f'name = "{file.package}"')
        text = text[:start] + line.sub(rf'\g<1>"{checksum(file.target)}"', text[start:], count=1)
    MANIFEST.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run one of the three commands of this module's first lines; 0 when all is well."""
    if "--record" in arguments:
        fetch(list(vendored_files()))
        record()
    elif "--check" not in arguments:
        missing = [file for file in vendored_files() if not file.target.is_file()]
        fetch(missing)
    found = problems()
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
