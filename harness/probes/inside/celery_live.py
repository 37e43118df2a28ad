"""Asks the live workers through the broker, then sends one task and follows it. Prints JSON.

Arguments: the app as for `celery -A`, and the round trip as JSON (or null).
"""
import json
import sys

from celery.app.utils import find_app
from celery.exceptions import TimeoutError as ResultTimeout

REPLY_SECONDS = 1.0


def describe_workers(app):
    inspect = app.control.inspect(timeout=REPLY_SECONDS)
    stats = inspect.stats() or {}
    # Who has answered is asked again by name, so that the answer is there as soon as all of them gave theirs.
    named = app.control.inspect(destination=list(stats), timeout=REPLY_SECONDS, limit=len(stats)) if stats else None
    queues = named.active_queues() if named else {}
    registered = named.registered() if named else {}
    workers = [
        {
            "pool": facts.get("pool", {}).get("implementation"),
            "concurrency": facts.get("pool", {}).get("max-concurrency"),
            "prefetch": facts.get("prefetch_count"),
            "queues": sorted(queue["name"] for queue in (queues or {}).get(name) or []),
            "tasks": sorted(
                task.split(" [")[0] for task in (registered or {}).get(name) or [] if not task.startswith("celery.")
            ),
        }
        for name, facts in stats.items()
    ]
    return sorted(workers, key=lambda worker: json.dumps(worker, sort_keys=True))


def round_trip(app, task, args, kwargs, within_seconds):
    if task not in app.tasks:
        return {"$error": f"the publisher does not know a task {task}"}
    result = app.tasks[task].apply_async(args=args, kwargs=kwargs)
    try:
        value = result.get(timeout=within_seconds, propagate=False, disable_sync_subtasks=False)
    except ResultTimeout:
        return {"$error": f"still {result.state} after {within_seconds} s"}
    if result.state != "SUCCESS":
        return {"state": result.state, "error": f"{type(value).__name__}: {value}"}
    return {"state": result.state, "result": value}


app = find_app(sys.argv[1])
app.loader.import_default_modules()
app.finalize()
trip = json.loads(sys.argv[2])
answer = {"workers": describe_workers(app)}
if trip:
    answer["roundTrip"] = round_trip(app, trip["task"], trip["args"], trip["kwargs"], trip["withinSeconds"])
print(json.dumps(answer, sort_keys=True, default=str))
