"""Who is on when: changed for a while, asked of each other, in calendars, and noted for who carries what."""
