"""What the console's pages show and do."""
