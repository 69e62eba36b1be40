"""The environment and hotline.toml, read into one frozen value."""
