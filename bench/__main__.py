"""Runs the measurements and prints them as a table; exit status 1 when a promise is not kept."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

BASELINES = ".bench"
"""Where ``scripts/baselines.sh`` puts other engines; looked in last, after the product's own."""

WHEN_NAMED = frozenset({"region"})
"""What takes so long that it is measured only when somebody names it."""


def main(names: list[str]) -> int:
    sys.path.append(str(_here().parent / BASELINES))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"python -m bench {' '.join(names)}".rstrip())
    known = sorted(path.stem.removesuffix("_bench") for path in _here().glob("*_bench.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    kept = True
    for name in names or [name for name in known if name not in WHEN_NAMED]:
        print(f"\n{name}")
        for found in importlib.import_module(f"bench.{name}_bench").measure():
            mark = "" if found.within else "  NOT KEPT"
            print(f"  {found.what:<60} {found.value:>12.3f} {found.unit:<6} {found.promise}{mark}")
            kept = kept and found.within
    return 0 if kept else 1


def _here() -> Path:
    return Path(__file__).resolve().parent


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
