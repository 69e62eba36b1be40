"""Pure rules of sending somebody on: who is in the directory, who is offered, and how a caller is handed over."""
