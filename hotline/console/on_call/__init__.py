"""On call: who is on now and in the next two weeks, where nobody is, and what is otherwise than planned."""
