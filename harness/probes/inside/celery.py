"""What one service believes of a Celery application, what the live workers say, and whether a task comes back.

Behind celery_app.py and celery_schedule.py. Asked for: {"questions": [see QUESTIONS], "roundTrip": {...}}.
"""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

from celery.exceptions import TimeoutError as ResultTimeout

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


def workers(app, _):
    """The live workers. Their names hold those of their hosts, so they are told apart by what they do."""
    stats = live_workers(app)
    known = known_workers(app, stats)
    queues, tasks = (known.active_queues() or {}, known.registered() or {}) if stats else ({}, {})
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
    name = trip["task"]
    result = send(app, trip)
    eager = is_eager(result)
    sent = {"task": name, "knownToPublisher": name in app.tasks, "queue": queue_of(app, name), "eager": eager}
    try:
        value = result.get(timeout=trip["withinSeconds"], propagate=False)
    except ResultTimeout:
        return {**sent, "outcome": {"$error": f"still {result.state} after {trip['withinSeconds']:g} s"}}
    state = result.state
    if not eager:
        result.forget()
    return {**sent, "outcome": outcome(state, value)}


def own(names):
    """Without Celery's own tasks."""
    return sorted(name for name in names if not name.startswith("celery."))


def without_password(url):
    """`redis://cache:6379/0`. The password is compared as the variable that holds it."""
    parts = urlsplit(str(url or ""))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


QUESTIONS = {"configuration": configuration, "schedule": schedule, "workers": workers, "roundTrip": round_trip}

with ThreadPoolExecutor() as threads:
    asked = {
        name: threads.submit(answer, QUESTIONS[name], app, request.get("roundTrip")) for name in request["questions"]
    }
tell({name: future.result() for name, future in asked.items()})
