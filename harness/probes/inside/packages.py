"""Prints which Python this is and which distributions it can import, as JSON."""
import importlib.metadata
import json
import platform
import re

installed = {}
for distribution in importlib.metadata.distributions():
    name = distribution.metadata["Name"]
    if name:
        # PyPA's normalised names; the first on the path is the one that is imported.
        installed.setdefault(re.sub(r"[-_.]+", "-", name).lower(), distribution.version)

print(
    json.dumps(
        {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "installed": dict(sorted(installed.items())),
        }
    )
)
