"""Prints the interpreter and what is installed for it, as JSON."""

import json
import platform
import re
from importlib import metadata

installed = {}
for distribution in metadata.distributions():
    name = distribution.metadata["Name"]
    if name:
        # PEP 503. The first one on sys.path is the one that is imported.
        installed.setdefault(re.sub(r"[-_.]+", "-", name).lower(), {"version": distribution.version})

print(
    json.dumps(
        {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "installed": dict(sorted(installed.items())),
        }
    )
)
