"""Alembic's entry: migrates over the connection that ``engine.store.schema`` hands in."""

from importlib import import_module

from alembic import context

from engine.store.base import Base

MODELS = (
    "engine.store.settings",
    "engine.access.models",
    "engine.definitions.published.models",
    "engine.definitions.drafts.models",
    "engine.definitions.published.care_models",
    "engine.runtime.models",
    "engine.runtime.outward_models",
    "engine.families.models",
    "engine.simulation.plays.models",
)
for module in MODELS:
    import_module(module)


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is one of the models: those of the queue are Procrastinate's."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=False,
    include_name=ours,
)
with context.begin_transaction():
    context.run_migrations()
