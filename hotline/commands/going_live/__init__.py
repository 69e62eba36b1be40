"""From a bare machine to a live line: setting up, pointing numbers here, and seeing whether everything is right."""
