"""Adapters to the world outside, each behind a small contract that the engine defines.

The rule here: an adapter imports the engine's public functions, never the other way round, and
nothing here is called inside one of the engine's transactions.
"""
