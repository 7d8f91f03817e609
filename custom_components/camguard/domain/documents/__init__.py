"""Pages to read on any screen and to print: letters, certificates."""
