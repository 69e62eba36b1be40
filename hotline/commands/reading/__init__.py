"""What messages are about, by the command line: classified, reviewed, and phrases tried out."""
