"""Answers questions about a Celery application from inside one of its services, as JSON.

Argument, as JSON: {"app": as for `celery -A`, "questions": [see QUESTIONS], "roundTrip": {...}}.
It is sent through standard input, so all of it stands in this one file. Values are printed as they are.
"""

import glob
import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit, urlunsplit

from celery.app.utils import find_app
from celery.exceptions import TimeoutError as ResultTimeout
from celery.schedules import maybe_schedule
from celery.utils.imports import load_extension_class_names, symbol_by_name

FIRST_REPLY_SECONDS = 5.0
FURTHER_REPLIES_SECONDS = 1.0
MAX_ERROR = 500
# Schedules are asked when they are due after this moment: from now on, the answer would depend on when it was asked.
NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc)

# Of each task, those that differ from what holds for all of them.
TASK_OPTIONS = {
    "acks_late": "task_acks_late",
    "acks_on_failure_or_timeout": "task_acks_on_failure_or_timeout",
    "ignore_result": "task_ignore_result",
    "rate_limit": "task_default_rate_limit",
    "reject_on_worker_lost": "task_reject_on_worker_lost",
    "serializer": "task_serializer",
    "soft_time_limit": "task_soft_time_limit",
    "time_limit": "task_time_limit",
    "track_started": "task_track_started",
}
RETRY_OPTIONS = {"default_retry_delay": 180, "max_retries": 3}
PERIODIC_OPTIONS = ("queue", "exchange", "routing_key", "priority", "expire_seconds", "one_off", "start_time")


def configuration(app, _):
    conf = app.conf
    return {
        "tasks": {name: describe_task(app, name) for name in own(app.tasks)},
        "alwaysEager": conf.task_always_eager,
        "eagerPropagates": conf.task_eager_propagates,
        "serializers": {
            "task": conf.task_serializer,
            "result": conf.result_serializer,
            "accept": plain(set(conf.accept_content)),
            "resultAccept": plain(conf.result_accept_content and set(conf.result_accept_content)),
        },
        "broker": {
            "readUrl": without_password(conf.broker_read_url or conf.broker_url),
            "writeUrl": without_password(conf.broker_write_url or conf.broker_url),
            "transportOptions": plain(conf.broker_transport_options),
        },
        "results": {
            "backend": without_password(conf.result_backend),
            "transportOptions": plain(conf.result_backend_transport_options),
            "expires": plain(conf.result_expires),
            "ignored": conf.task_ignore_result,
            "trackStarted": conf.task_track_started,
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
            "memoryPerChild": plain(conf.worker_max_memory_per_child),
        },
        "clock": {"timezone": str(conf.timezone), "utc": conf.enable_utc},
    }


def describe_task(app, name):
    task = app.tasks[name]
    options = {"queue": queue_of(app, name)}
    for option, setting in TASK_OPTIONS.items():
        value = getattr(task, option, None)
        if value is not None and value != app.conf.get(setting):
            options[option] = plain(value)
    for option, default in RETRY_OPTIONS.items():
        if getattr(task, option, default) != default:
            options[option] = plain(getattr(task, option))
    return options


def queue_of(app, name):
    """Where `delay` sends the task: its own queue, else the routes, else the default."""
    task = app.tasks.get(name)
    chosen = {"queue": task.queue} if getattr(task, "queue", None) else {}
    queue = app.amqp.router.route(chosen, name).get("queue")
    return getattr(queue, "name", queue) or app.conf.task_default_queue


def schedule(app, _):
    """What beat goes by. Only reads: a scheduler that is made, not run, would already write its defaults."""
    name = scheduler_of_running_beat() or app.conf.beat_scheduler
    scheduler = symbol_by_name(name, aliases=dict(load_extension_class_names("celery.beat_schedulers")))
    model = getattr(scheduler, "Model", None)
    saved_by_users = hasattr(model, "objects")  # django-celery-beat's, or a scheduler made from it
    entries = saved_entries(model) if saved_by_users else configured_entries(app)
    return {"scheduler": f"{scheduler.__module__}:{scheduler.__qualname__}", "entries": entries}


def scheduler_of_running_beat():
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path) as file:
                arguments = file.read().split("\0")
        except OSError:  # ended meanwhile, or belongs to somebody else
            continue
        if {"beat", "-B", "--beat"}.isdisjoint(arguments):
            continue
        for argument, following in zip(arguments, [*arguments[1:], ""]):
            if argument in ("-S", "--scheduler"):
                return following
            if argument.startswith("--scheduler="):
                return argument.partition("=")[2]


def saved_entries(model):
    return {
        saved.name: {
            "task": saved.task,
            "args": json.loads(saved.args or "[]"),
            "kwargs": json.loads(saved.kwargs or "{}"),
            "enabled": saved.enabled,
            "options": {name: plain(value) for name in PERIODIC_OPTIONS if (value := getattr(saved, name, None))},
            **describe_schedule(saved.schedule),
        }
        for saved in model.objects.all()
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


def workers(app, _):
    """The live workers. Their names hold those of their hosts, so they are told apart by what they do."""
    if not app.control.inspect(timeout=FIRST_REPLY_SECONDS, limit=1).ping():
        return []
    stats = app.control.inspect(timeout=FURTHER_REPLIES_SECONDS).stats() or {}
    # With the number of replies known, these two return as soon as they are there.
    known = app.control.inspect(destination=list(stats), timeout=FIRST_REPLY_SECONDS, limit=len(stats))
    queues, tasks = known.active_queues() or {}, known.registered() or {}
    described = [
        {
            "pool": facts.get("pool", {}).get("implementation"),
            "concurrency": facts.get("pool", {}).get("max-concurrency"),
            "tasksPerChild": facts.get("pool", {}).get("max-tasks-per-child"),
            "prefetch": facts.get("prefetch_count"),
            "queues": sorted(queue["name"] for queue in queues.get(name, [])),
            "tasks": own(tasks.get(name, [])),
        }
        for name, facts in stats.items()
    ]
    return sorted(described, key=lambda worker: json.dumps(worker, sort_keys=True, default=str))


def round_trip(app, trip):
    name, arguments = trip["task"], {"args": trip["args"], "kwargs": trip["kwargs"]}
    known = name in app.tasks
    result = app.tasks[name].apply_async(**arguments) if known else app.send_task(name, **arguments)
    eager = type(result).__name__ == "EagerResult"
    sent = {"task": name, "knownToPublisher": known, "queue": queue_of(app, name), "eager": eager}
    try:
        value = result.get(timeout=trip["withinSeconds"], propagate=False)
    except ResultTimeout:
        return {**sent, "outcome": {"$error": f"still {result.state} after {trip['withinSeconds']:g} s"}}
    state = result.state
    if not eager:
        result.forget()
    raised = isinstance(value, BaseException)
    outcome = {"exception": in_words(value)} if raised else {"result": plain(value)}
    return {**sent, "outcome": {"state": state, **outcome}}


def own(names):
    """Without Celery's own tasks."""
    return sorted(name for name in names if not name.startswith("celery."))


def without_password(url):
    """`redis://cache:6379/0`. The password is compared as the variable that holds it."""
    parts = urlsplit(str(url or ""))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def plain(value):
    """Whatever a setting holds, as JSON that is the same in each process."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))


def in_words(error):
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:MAX_ERROR]


def failure(error):
    return {"$error": in_words(error)}


def answer(app, question, request):
    try:
        return QUESTIONS[question](app, request.get("roundTrip"))
    except Exception as error:
        return failure(error)


QUESTIONS = {"configuration": configuration, "schedule": schedule, "workers": workers, "roundTrip": round_trip}

request = json.loads(sys.argv[1])
# What the application prints while it is imported, and when it ends, is not an answer.
standard_output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
app = find_app(request["app"])
app.loader.import_default_modules()
app.finalize()
with ThreadPoolExecutor() as threads:
    asked = {name: threads.submit(answer, app, name, request) for name in request["questions"]}
answers = {name: future.result() for name, future in asked.items()}
json.dump(answers, standard_output, sort_keys=True)
standard_output.close()
