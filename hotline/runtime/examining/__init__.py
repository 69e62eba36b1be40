"""Looking everything over: the settings, the machine, the database, the carrier."""
