"""The diagram of a trajectory: where it stands, what passed, what waits and until when."""
