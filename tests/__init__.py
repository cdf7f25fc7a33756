"""The tests. They start hundreds of interpreters, which share what is compiled.

Images for containers often forbid Python to keep that: each of these processes, and each worker of xdist in each
run, would compile all modules that it imports.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
