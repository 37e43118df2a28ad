"""Imports a Celery application for scripts that ask about it. Behind answers.py and processes.py. Argument: its name as for `celery -A`, as JSON."""

import re
import threading
import time
from datetime import timedelta

become_main_process()

from celery import uuid
from celery.app.utils import find_app
from celery.backends.base import DisabledBackend
from celery.states import READY_STATES

FIRST_REPLY_SECONDS = 5.0
FURTHER_REPLIES_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.1
MAX_ERROR = 500
# Begins the ids of the tasks that these scripts send, which are UUIDs like all others.
OWN_IDS = "70617269"


def send(app, task):
    """As the application itself would; by its name alone where this process does not know the task."""
    name, arguments = task["task"], {"args": task["args"], "kwargs": task["kwargs"], "task_id": own_id()}
    return app.tasks[name].apply_async(**arguments) if name in app.tasks else app.send_task(name, **arguments)


def own_id():
    return OWN_IDS + uuid()[len(OWN_IDS) :]


def queue_of(app, name):
    """Where `delay` sends the task: its own queue, else the routes, else the default."""
    task = app.tasks.get(name)
    chosen = {"queue": task.queue} if getattr(task, "queue", None) else {}
    queue = app.amqp.router.route(chosen, name).get("queue")
    return getattr(queue, "name", queue) or app.conf.task_default_queue


def is_eager(result):
    return type(result).__name__ == "EagerResult"


def outcome(state, value):
    raised = isinstance(value, BaseException)
    return {"state": state, **({"exception": in_words(value)} if raised else {"result": plain(value)})}


def stored(app, task_id):
    """What the result backend has of a task, as any process reads it. A task on its way has no result to compare yet."""
    if isinstance(app.backend, DisabledBackend):
        return {"state": None}
    meta = app.backend.get_task_meta(task_id)
    return outcome(meta["status"], meta["result"]) if meta["status"] in READY_STATES else {"state": meta["status"]}


def live_workers(app):
    """What each live worker says of itself, by its node's name."""
    if not app.control.inspect(timeout=FIRST_REPLY_SECONDS, limit=1).ping():
        return {}
    return app.control.inspect(timeout=FURTHER_REPLIES_SECONDS).stats() or {}


def known_workers(app, names):
    """To ask workers whose number is known: the answer is there as soon as the last one has replied."""
    return app.control.inspect(destination=list(names), timeout=FIRST_REPLY_SECONDS, limit=len(names))


def until(holds, seconds):
    """Looks again and again; false when the time is over before it holds. The one polling loop of these scripts."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not (found := holds()) and time.monotonic() < deadline:
        pause.wait(LOOK_AGAIN_SECONDS)
    return found


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


def answer(ask, *arguments):
    try:
        return ask(*arguments)
    except Exception as error:
        return failure(error)


app = find_app(json.loads(sys.argv[1]))
app.loader.import_default_modules()
app.finalize()
