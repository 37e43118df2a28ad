"""Stands for an application: it prints while it is imported, and has a state."""

import json
import os
import sys

standard_output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
print("imported")
imported_in, asked = os.getpid(), 0
