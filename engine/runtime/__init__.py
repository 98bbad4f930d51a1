"""Durable instances: start, complete, messages, timers, incidents; one transaction each."""
