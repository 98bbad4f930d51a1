"""Trajectories that a process owner plays by hand: a list of moves, played anew for every look."""
