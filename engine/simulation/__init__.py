"""Trying out: the same engine in memory under a virtual clock, with scenarios as scripts."""
