"""Prints the Celery application as this role loads it, as JSON. Reads only; argument: the app as for `celery -A`."""
import json
import sys
from urllib.parse import urlsplit, urlunsplit

from celery.app.utils import find_app

DEFAULTS_OF_TASKS = {
    "acks_late": None,
    "ignore_result": False,
    "max_retries": 3,
    "rate_limit": None,
    "reject_on_worker_lost": None,
    "serializer": None,
    "soft_time_limit": None,
    "time_limit": None,
}


def without_password(url):
    """The password is compared elsewhere, as the variable that holds it."""
    parts = urlsplit(str(url or ""))
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{user}{parts.hostname or ''}{port}"))


def plain(value):
    """Whatever a setting holds, as JSON."""
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in sorted(value.items(), key=lambda item: str(item[0]))}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def queue_of(app, name):
    route = app.amqp.router.route({}, name)
    queue = route.get("queue")
    return getattr(queue, "name", queue)


def describe_task(app, task):
    described = {"queue": queue_of(app, task.name)}
    for name, default in DEFAULTS_OF_TASKS.items():
        value = getattr(task, name, default)
        if value != default:
            described[name] = plain(value)
    return described


def describe_schedule(app):
    """Entries of beat_schedule and, with django-celery-beat, those in the database."""
    entries = {
        name: {
            "task": entry["task"],
            "schedule": str(entry["schedule"]),
            "args": plain(entry.get("args", ())),
            "kwargs": plain(entry.get("kwargs", {})),
            "enabled": True,
        }
        for name, entry in app.conf.beat_schedule.items()
    }
    try:
        from django.apps import apps

        periodic_tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.all()
    except (ImportError, LookupError):
        return entries
    for saved in periodic_tasks:
        entries[saved.name] = {
            "task": saved.task,
            "schedule": str(saved.schedule),
            "args": json.loads(saved.args or "[]"),
            "kwargs": json.loads(saved.kwargs or "{}"),
            "enabled": saved.enabled,
        }
    return entries


def next_due_known(app):
    """Whether each entry's schedule can tell when it is due next."""
    from datetime import datetime, timezone

    known = {}
    for name, entry in app.conf.beat_schedule.items():
        schedule = entry["schedule"]
        remaining = getattr(schedule, "remaining_estimate", None)
        known[name] = bool(remaining and remaining(datetime.now(timezone.utc)) is not None) or isinstance(
            schedule, (int, float)
        )
    return known


app = find_app(sys.argv[1])
app.loader.import_default_modules()
app.finalize()
conf = app.conf
tasks = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

print(
    json.dumps(
        {
            "tasks": {name: describe_task(app, tasks[name]) for name in sorted(tasks)},
            "alwaysEager": conf.task_always_eager,
            "eagerPropagates": conf.task_eager_propagates,
            "serializers": {
                "task": conf.task_serializer,
                "result": conf.result_serializer,
                "accept": plain(sorted(conf.accept_content)),
                "resultAccept": plain(conf.result_accept_content),
            },
            "broker": {
                "url": without_password(conf.broker_read_url or conf.broker_url),
                "writeUrl": without_password(conf.broker_write_url or conf.broker_url),
                "transportOptions": plain(conf.broker_transport_options),
            },
            "results": {
                "backend": without_password(conf.result_backend),
                "expires": plain(conf.result_expires),
                "ignored": conf.task_ignore_result,
            },
            "defaultQueue": conf.task_default_queue,
            "acknowledgement": {
                "late": conf.task_acks_late,
                "onFailureOrTimeout": conf.task_acks_on_failure_or_timeout,
                "rejectOnWorkerLost": conf.task_reject_on_worker_lost,
            },
            "limits": {
                "time": plain(conf.task_time_limit),
                "softTime": plain(conf.task_soft_time_limit),
                "prefetchMultiplier": conf.worker_prefetch_multiplier,
                "tasksPerChild": plain(conf.worker_max_tasks_per_child),
            },
            "clock": {"timezone": str(conf.timezone), "utc": conf.enable_utc},
            "beat": {
                "scheduler": conf.beat_scheduler,
                "schedule": describe_schedule(app),
                "nextDueKnown": next_due_known(app),
            },
        },
        sort_keys=True,
    )
)
