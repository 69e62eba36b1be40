"""The reports: what is counted, as figures, plots and tables, on the screen, on paper and as sheets."""
