"""The ledger: its file, its anchors, its verification."""
