"""Alembic's entry: migrates over the connection that ``engine.store.schema`` hands in."""

from importlib import import_module

from alembic import context

from engine.store.base import Base

MODELS = (
    "engine.store.settings",
    "engine.access.models",
    "engine.definitions.models",
    "engine.runtime.models",
    "engine.families.models",
)
for module in MODELS:
    import_module(module)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
