"""What settings name outside of the process: whether Redis and folders may be where they are said to be."""
