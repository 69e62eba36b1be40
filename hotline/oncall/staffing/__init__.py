"""Who must be on and may be: needs of the lines, rest and hours, whom a shift may be offered, and who carried what."""
