"""What runs: the application, its processes, health, metrics and logs."""
