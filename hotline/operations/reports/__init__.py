"""What reports tell: counted once, for the command line and for the console's pages."""
