"""Puts a value into each of a Django project's caches, or tells in which of them it is found. Behind cache_app.py.

Asked for: {"set": [key, value]}, or {"get": [key…]}, which tells {alias: value or null} of each. Values go by themselves.
"""

SECONDS_KEPT = 600


def answer():
    if "set" in request:
        for alias in settings.CACHES:
            caches[alias].set(*request["set"], SECONDS_KEPT)
        return None
    return [{alias: caches[alias].get(key) for alias in settings.CACHES} for key in request["get"]]


try:
    found = answer()
except AppRegistryNotReady:
    # Most caches do without the project's applications, which take seconds to load.
    django.setup()
    found = answer()
tell(found)
