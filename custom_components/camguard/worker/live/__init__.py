"""The masked stream for who watches now: encoded once, sent to all over loopback."""
