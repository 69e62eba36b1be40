"""Asking the application what to do: its webhooks, signed, with time-outs and second tries."""
