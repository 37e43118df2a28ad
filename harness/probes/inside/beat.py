"""When beat's entries are due, and when their tasks reach the workers. Behind celery_app.py, celery_schedule.py, celery_events.py.

Asked for: {"question": "clock"}, or {"question": "ticks", "seconds": how long to listen}.
"""

import shelve
import shutil
import tempfile

# Schedulers write down when an entry last ran every three minutes (celery.beat.Scheduler.sync_every).
WRITTEN_DOWN_SECONDS = 240


def clock(app, _):
    """Each entry: how often it is due (None: at times, as a crontab), and whether it should have run long ago."""
    return {"entries": entries(app), "nodes": sorted(live_workers(app))}


def entries(app):
    rows = saved_by_users(scheduler_of(app))
    if rows is not None:
        return {
            row.name: entry_of(row.task, json.loads(row.args or "[]"), row.enabled, row.schedule, row.last_run_at)
            for row in rows
        }
    ran = last_runs(app)
    return {
        name: entry_of(
            entry["task"], entry.get("args") or (), True, maybe_schedule(entry["schedule"], app=app), ran.get(name)
        )
        for name, entry in app.conf.beat_schedule.items()
    }


def entry_of(task, args, enabled, schedule, last_run):
    every = getattr(schedule, "run_every", None)
    seconds = every.total_seconds() if every else None
    patience = timedelta(seconds=WRITTEN_DOWN_SECONDS + (seconds or 0))
    overdue = bool(enabled and last_run and schedule.remaining_estimate(last_run) < -patience)
    return {"sends": sent_as(task, repr(list(args))), "enabled": enabled, "everySeconds": seconds, "overdue": overdue}


def last_runs(app):
    """As the scheduler has written them down. A copy is read: the scheduler may have locked its own."""
    folder, _ = running_beat()
    file = option_of_running_beat("-s", "--schedule") or app.conf.beat_schedule_filename
    with tempfile.TemporaryDirectory() as copies:
        for part in glob.glob(os.path.join(f"{folder}/cwd" if folder else "", file) + "*"):
            shutil.copy(part, copies)
        if not os.listdir(copies):
            return {}
        with shelve.open(os.path.join(copies, os.path.basename(file)), flag="r") as kept:
            return {name: entry.last_run_at for name, entry in kept.get("entries", {}).items()}


def ticks(app, seconds):
    """When tasks that others than these scripts sent reached a worker, in seconds, by what was sent."""
    with Listener(app) as listener:
        until(lambda: False, seconds)
        received = [event for event in listener.events if event["type"] == "task-received"]
    # A message that comes again is not another tick.
    first = {event["uuid"]: event for event in reversed(received) if not event["uuid"].startswith(OWN_IDS)}
    heard = {}
    for event in sorted(first.values(), key=lambda event: event["timestamp"]):
        heard.setdefault(sent_as(event["name"], event["args"]), []).append(event["timestamp"])
    return heard


def sent_as(task, arguments):
    """`task(1, 2)`, whether its arguments were a list or a tuple."""
    return f"{task}({arguments.strip('[()]').rstrip(',')})"


QUESTIONS = {"clock": clock, "ticks": ticks}

tell(answer(QUESTIONS[request["question"]], app, request.get("seconds")))
