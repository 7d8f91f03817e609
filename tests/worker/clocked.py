"""Runs the worker in this process with a wall clock that a test sets: the file named first holds what to add, in s."""

import runpy
import sys
import time
from pathlib import Path

offset, entry = Path(sys.argv[1]), sys.argv[2]
real = time.time_ns
time.time_ns = lambda: real() + int(float(offset.read_text() or 0) * 1e9)
sys.argv = [entry]
runpy.run_path(entry, run_name="__main__")
