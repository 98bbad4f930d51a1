"""Playing a trajectory on a virtual clock."""
