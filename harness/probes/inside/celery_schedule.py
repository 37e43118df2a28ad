"""What beat goes by. Behind celery_app.py. Only reads: a scheduler that is made, not run, would already write its defaults."""

import glob
from datetime import datetime, timezone

from celery.schedules import maybe_schedule
from celery.utils.imports import load_extension_class_names, symbol_by_name

# Schedules are asked when they are due after this moment: from now on, the answer would depend on when it was asked.
NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc)
PERIODIC_OPTIONS = ("queue", "exchange", "routing_key", "priority", "expire_seconds", "one_off", "start_time")


def schedule(app, _):
    scheduler = scheduler_of(app)
    saved = saved_by_users(scheduler)
    entries = saved_entries(saved) if saved is not None else configured_entries(app)
    return {"scheduler": f"{scheduler.__module__}:{scheduler.__qualname__}", "entries": entries}


def scheduler_of(app):
    name = option_of_running_beat("-S", "--scheduler") or app.conf.beat_scheduler
    return symbol_by_name(name, aliases=dict(load_extension_class_names("celery.beat_schedulers")))


def saved_by_users(scheduler):
    """The rows of django-celery-beat, or of a scheduler made from it; None for one that keeps none."""
    model = getattr(scheduler, "Model", None)
    return model.objects.all() if hasattr(model, "objects") else None


def option_of_running_beat(short, long):
    _, arguments = running_beat()
    for argument, following in zip(arguments, [*arguments[1:], ""]):
        if argument in (short, long):
            return following
        if argument.startswith(f"{long}="):
            return argument.partition("=")[2]


def running_beat():
    """Its folder in /proc, and its arguments; nothing where it does not run."""
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path) as file:
                arguments = file.read().split("\0")
        except OSError:  # ended meanwhile, or belongs to somebody else
            continue
        if not {"beat", "-B", "--beat"}.isdisjoint(arguments):
            return os.path.dirname(path), arguments
    return None, []


def saved_entries(rows):
    return {
        saved.name: {
            "task": saved.task,
            "args": json.loads(saved.args or "[]"),
            "kwargs": json.loads(saved.kwargs or "{}"),
            "enabled": saved.enabled,
            "options": {name: plain(value) for name in PERIODIC_OPTIONS if (value := getattr(saved, name, None))},
            **describe_schedule(saved.schedule),
        }
        for saved in rows
    }


def configured_entries(app):
    return {
        name: {
            "task": entry["task"],
            "args": plain(entry.get("args") or ()),
            "kwargs": plain(entry.get("kwargs") or {}),
            "enabled": True,
            "options": plain(entry.get("options") or {}),
            **describe_schedule(maybe_schedule(entry["schedule"], app=app)),
        }
        for name, entry in app.conf.beat_schedule.items()
    }


def describe_schedule(schedule):
    try:
        schedule.nowfun = lambda: NEW_YEAR
        due = str(schedule.remaining_estimate(NEW_YEAR))
    except Exception as error:
        due = failure(error)
    return {"schedule": " ".join(str(schedule).split()), "dueAfterNewYear2026": due}
