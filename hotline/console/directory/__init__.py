"""The referral directory: whom callers may be sent to, looked through, and edited."""
