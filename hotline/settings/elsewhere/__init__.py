"""What settings name outside of the process: Redis and folders, whether they may be where they are said to be; the
website that shows the form, and from where requests come."""
