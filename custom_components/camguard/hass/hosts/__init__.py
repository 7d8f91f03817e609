"""Machines for workers, as Home Assistant has them set up."""
