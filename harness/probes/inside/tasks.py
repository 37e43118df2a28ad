"""Sends tasks and follows each to its end. Behind celery_app.py, celery_events.py and celery_broker.py.

Asked for: {"tasks": {label: {"task", "args", "kwargs", "withinSeconds"}}}. Workers are told by the names of their nodes.
"""

from kombu.serialization import prepare_accept_content

# For what comes after the end: the acknowledgement, and a second run that nobody asked for.
AFTERWARDS_SECONDS = 1.5
SECOND_RUN_SECONDS = 5.0
ENDS = ("succeeded", "failed", "revoked", "rejected")
OPTIONS = ("acks_late", "ignore_result", "max_retries", "reject_on_worker_lost", "soft_time_limit", "time_limit")


def follow_all(app, tasks):
    # Else a serializer that the workers refuse would also keep them from saying so.
    app.control.mailbox.serializer = "json"
    with Listener(app) as listener:
        live = describe_workers(app) if listener.workers else {}
        runs = {label: Run(app, task, listener, live) for label, task in tasks.items()}
        for run in runs.values():
            run.send()
        until(lambda: all([run.is_over() for run in runs.values()]), max(run.within_seconds for run in runs.values()))
        until(lambda: all([run.ran_again() for run in runs.values() if run.outlives()]), SECOND_RUN_SECONDS)
        until(lambda: False, AFTERWARDS_SECONDS)
        return {label: answer(run.describe) for label, run in runs.items()}


class Run:
    """One task on its way."""

    def __init__(self, app, task, listener, live):
        self.app, self.task, self.listener = app, task, listener
        self.id, self.name, self.within_seconds = None, task["task"], task["withinSeconds"]
        self.queue, self.fault, self.result = queue_of(app, self.name), None, None
        self.takers = {node: worker for node, worker in live.items() if self.queue in worker["queues"]}
        known = [worker["tasks"].get(self.name, {}) for worker in self.takers.values()]
        self.options = known[0] if known else {}
        timeouts = [visibility_timeout(app, worker["transportOptions"]) for worker in self.takers.values()]
        self.visibility_timeout = min((seconds for seconds in timeouts if seconds is not None), default=None)

    def send(self):
        self.sent_at = self.swept_at = time.time()
        try:
            self.result = send(self.app, self.task)
            self.id = self.result.id
        except Exception as error:
            self.fault = error

    def is_over(self):
        if self.fault or is_eager(self.result) or time.time() > self.sent_at + self.within_seconds:
            return True
        if self.outlives() and not self.ran_again() and time.time() > self.swept_at + 1:
            # As if another worker were started now; else it is chance whether one sweeps before the task's end.
            self.swept_at = time.time()
            hand_out_again(self.app, self.visibility_timeout)
        starts, retries, ends = self.heard("started"), self.heard("retried"), self.heard(*ENDS)
        if starts:
            return bool(ends) and len(ends) + len(retries) >= len(starts)
        return self.stored().get("state") in READY_STATES

    def heard(self, *types):
        return self.listener.of(self.id, *types)

    def ran_again(self):
        return len(self.heard("started")) > len(self.heard("retried")) + 1

    def outlives(self):
        """Whether a worker holds the message for longer than the broker waits for its acknowledgement."""
        if self.visibility_timeout is None:
            return False
        acknowledged = (*ENDS, "retried") if self.options.get("acks_late") else ("started",)
        taken, given = self.heard("received"), self.heard(*acknowledged)
        ends = [event["timestamp"] for event in given] + [time.time()] * len(taken)
        return any(end - event["timestamp"] > self.visibility_timeout for event, end in zip(taken, ends))

    def stored(self):
        if is_eager(self.result):
            return outcome(self.result.state, self.result.result)
        return answer(stored, self.app, self.id)

    def describe(self):
        if self.fault:
            raise self.fault
        eager, found = is_eager(self.result), self.stored()
        starts = self.heard("started")
        # Workers can be made to send no events at all: then nobody has counted.
        counted = bool(starts) or eager or found.get("state") != "SUCCESS"
        limit, timeout = self.options.get("time_limit"), self.visibility_timeout
        return {
            "id": self.id,
            "task": self.name,
            "knownToPublisher": self.name in self.app.tasks,
            "eager": eager,
            "queue": self.queue,
            "takers": sorted(self.takers),
            "takersAcceptContent": self.is_accepted(),
            "options": self.options,
            "received": len(self.heard("received")) if counted else None,
            "runs": len(starts) if counted else None,
            "retries": len(self.heard("retried")) if counted else None,
            "ranIn": sorted({event["hostname"] for event in starts}),
            "ended": sorted({event["type"][5:] for event in self.heard(*ENDS)}),
            "stored": found,
            "message": None if eager else place_of_message(self.app, self.id, self.queue),
            "longerThanVisibilityTimeout": self.outlives(),
            "mayTakeLongerThanVisibilityTimeout": limit > timeout if limit and timeout else None,
        }

    def is_accepted(self):
        """Whether every worker that takes the task reads what it is written in; None without a worker."""
        serializer = getattr(self.app.tasks.get(self.name), "serializer", None) or self.app.conf.task_serializer
        written = prepare_accept_content([serializer])
        reads = [written <= prepare_accept_content(worker["accepts"]) for worker in self.takers.values()]
        return all(reads) if reads else None


def describe_workers(app):
    stats = live_workers(app)
    if not stats:
        return {}
    known = known_workers(app, stats)
    queues, tasks, settings = known.active_queues() or {}, known.registered(*OPTIONS) or {}, known.conf(True) or {}
    return {
        node: {
            "queues": [queue["name"] for queue in queues.get(node, [])],
            "tasks": dict(map(parse_registered, tasks.get(node, []))),
            "accepts": settings.get(node, {}).get("accept_content", []),
            "transportOptions": settings.get(node, {}).get("broker_transport_options"),
        }
        for node in stats
    }


def parse_registered(text):
    """`name [acks_late=True time_limit=300]`"""
    name, _, options = text.partition(" [")
    pairs = (option.split("=", 1) for option in options.rstrip("]").split())
    return name, {option: number_or_word(value) for option, value in pairs}


def number_or_word(text):
    if text in ("True", "False"):
        return text == "True"
    return json.loads(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text


tell(follow_all(app, request["tasks"]))
