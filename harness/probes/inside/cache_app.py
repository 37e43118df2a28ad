"""Imports what a Django project's caches need. Behind answers.py and processes.py."""

import re


def settings_module():
    """As the project's own manage.py would have it, where the environment does not say."""
    with open("manage.py") as file:
        found = re.search(r"""setdefault\(\s*["']DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']""", file.read())
    return found and found[1]


become_main_process()
sys.path.insert(0, os.getcwd())
if "DJANGO_SETTINGS_MODULE" not in os.environ:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module()

import django
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import AppRegistryNotReady
