"""What published packages offer each other, and which version a reference to it means.

Each version's processes (and the decisions of a shared package) are rows, so that a call is one
query. What a package binds to ``deployment`` is written down when it is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.packages import Package
from engine.definitions.published.models import PackageBinding, PackagePart, PackageVersion
from engine.definitions.references import Binding, Part, Reference


def offer(session: Session, package: Package) -> None:
    """Write down what a version that is being published offers to others."""
    session.add_all(
        PackagePart(
            version=package.version,
            part=part.value,
            part_id=part_id,
            tag=package.tag_of(part, part_id),
        )
        for part, part_id in parts_of(package)
    )


def parts_of(package: Package) -> Iterator[tuple[Part, str]]:
    """The executable processes of a package, and its decisions if it is shared."""
    for process in package.processes.values():
        if process.executable:
            yield Part.PROCESS, process.id
    if package.shared:
        for decision_id in package.decisions:
            yield Part.DECISION, decision_id


def bind(session: Session, version: str, references: Iterable[Reference]) -> None:
    """Write down which versions the ``deployment`` references of a new version mean from now on."""
    wanted = {
        (reference.part, reference.id): reference
        for reference in references
        if reference.binding is Binding.DEPLOYMENT
    }
    for (part, part_id), reference in wanted.items():
        found = _newest(session, reference, not_of=version)
        if found is not None:
            session.add(
                PackageBinding(
                    version=version, part=part.value, part_id=part_id, bound_version=found
                )
            )


def provider(session: Session, version: str, reference: Reference) -> str | None:
    """The version that a reference of a published version means in other packages."""
    if reference.binding is Binding.DEPLOYMENT:
        key = (version, reference.part.value, reference.id)
        bound = session.get(PackageBinding, key)
        return bound.bound_version if bound else None
    return _newest(session, reference, not_of=None)


def tags_in_use(session: Session) -> dict[tuple[Part, str], frozenset[str]]:
    """Every version tag that a version in use carries, by part and its id."""
    rows = session.execute(
        select(PackagePart.part, PackagePart.part_id, func.array_agg(PackagePart.tag.distinct()))
        .join(PackageVersion, PackageVersion.version == PackagePart.version)
        .where(PackagePart.tag.is_not(None), PackageVersion.retired_at.is_(None))
        .group_by(PackagePart.part, PackagePart.part_id)
    )
    return {(Part(part), part_id): frozenset(tags) for part, part_id, tags in rows}


def tags_with(
    session: Session, packages: Iterable[Package]
) -> dict[tuple[Part, str], frozenset[str]]:
    """The version tags in use, and those of packages that are about to be published."""
    found = tags_in_use(session)
    for package in packages:
        for part, part_id in parts_of(package):
            tag = package.tag_of(part, part_id)
            if tag is not None:
                found[part, part_id] = found.get((part, part_id), frozenset()) | {tag}
    return found


def _newest(session: Session, reference: Reference, *, not_of: str | None) -> str | None:
    """The newest version in use that has the part, and the tag if one is asked for.

    A part that moved to another package is that of the package whose newest version has it.
    """
    having = (
        select(PackageVersion.version, PackageVersion.published_at, PackageVersion.key)
        .join(PackagePart, PackagePart.version == PackageVersion.version)
        .where(
            PackagePart.part == reference.part.value,
            PackagePart.part_id == reference.id,
            PackageVersion.retired_at.is_(None),
        )
        .distinct(PackageVersion.key)
        .order_by(PackageVersion.key, PackageVersion.number.desc())
    )
    if not_of is not None:
        having = having.where(PackageVersion.version != not_of)
    if reference.binding is Binding.VERSION_TAG:
        having = having.where(PackagePart.tag == reference.version_tag)
    newest = having.subquery()
    current = (
        select(PackageVersion.version)
        .where(PackageVersion.retired_at.is_(None))
        .distinct(PackageVersion.key)
        .order_by(PackageVersion.key, PackageVersion.number.desc())
    )
    return session.scalar(
        select(newest.c.version)
        .order_by(newest.c.version.in_(current).desc(), newest.c.published_at.desc(), newest.c.key)
        .limit(1)
    )
