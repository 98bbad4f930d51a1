"""Coordinator and project leader: all open trajectories, sorted by risk."""
