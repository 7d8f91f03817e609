"""Pure values and rules: standard library only, no I/O, no clock (time comes in as an argument)."""
