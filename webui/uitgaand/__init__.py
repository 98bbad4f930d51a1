"""What goes out: the administrator's page of the queue."""
