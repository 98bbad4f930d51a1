"""What people start beside a trajectory."""
