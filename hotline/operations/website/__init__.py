"""What somebody asks for on a website: to be called."""
