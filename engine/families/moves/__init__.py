"""Running trajectories on their way to another version of their package."""
