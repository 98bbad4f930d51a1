"""Moving running trajectories to another version."""
