"""Puts a value into each of a Django project's caches, or tells in which of them it is found. Behind processes.py.

Arguments: `set KEY VALUE`, or `get KEY…`, which prints {alias: value or null} of each, as JSON. Values go by themselves.
"""

import json
import os
import re
import sys

SECONDS_KEPT = 600


def settings_module():
    """As the project's own manage.py would have it, where the environment does not say."""
    with open("manage.py") as file:
        found = re.search(r"""setdefault\(\s*["']DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']""", file.read())
    return found and found[1]


action, *arguments = sys.argv[1:]
become_main_process()
# What the application prints while it is imported is not an answer.
standard_output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
sys.path.insert(0, os.getcwd())
if "DJANGO_SETTINGS_MODULE" not in os.environ:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module()

import django
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import AppRegistryNotReady


def answer():
    if action == "set":
        for alias in settings.CACHES:
            caches[alias].set(*arguments, SECONDS_KEPT)
        return None
    return [{alias: caches[alias].get(key) for alias in settings.CACHES} for key in arguments]


try:
    found = answer()
except AppRegistryNotReady:
    # Most caches do without the project's applications, which take seconds to load.
    django.setup()
    found = answer()
if action == "get":
    json.dump(found, standard_output)
standard_output.close()
