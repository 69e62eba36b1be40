"""What each page of the reports tells: its figures, its tables, and how they are drawn."""
