"""Bytes at rest: sealed files, keys, index, ledger, erasure. Blocking code; never imports Home Assistant."""
