"""One task whose worker something happens to. Behind celery_app.py, celery_events.py and celery_broker.py.

Asked for: {"question": "start", "task": {"task", "args", "kwargs"}, "withinSeconds"}: sends it, answers once it runs; or
{"question": "follow", "started": what the first one answered, "withinSeconds"}, whatever has happened meanwhile.
"""

# Between two looks at a task that nobody seems to run: workers that are about to take it, or to store its end, need less.
LOOK_TWICE_SECONDS = 5.0


def start(app, asked):
    task, within_seconds = asked["task"], asked["withinSeconds"]
    name = task["task"]
    with Listener(app) as listener:
        result = send(app, task)
        if is_eager(result):
            raise RuntimeError(f"{name} ran in the process that sent it: tasks are eager here")
        if not until(lambda: listener.of(result.id, "started") or has_begun(app, result.id), within_seconds):
            raise RuntimeError(f"{name} was not started within {within_seconds:g} s")
    totals = {node: total_of(facts, name) for node, facts in live_workers(app).items()}
    return {"id": result.id, "task": name, "queue": queue_of(app, name), "at": time.time(), "totals": totals}


def has_begun(app, task_id):
    """For workers that send no events; only a project that tracks starts says so before the end."""
    return answer(stored, app, task_id).get("state") not in (None, "PENDING")


def follow(app, asked):
    started, deadline, given_up_at = asked["started"], time.time() + asked["withinSeconds"], []
    timeout = visibility_timeout(app, app.conf.broker_transport_options)

    def is_decided():
        now = fate(app, started)
        comes_back = now == "held" and time.time() < started["at"] + timeout < deadline
        if now in ("running", "waiting") or comes_back:
            given_up_at.clear()
        else:
            given_up_at.append(time.time())
        return now == "ended" or given_up_at and time.time() - given_up_at[0] > LOOK_TWICE_SECONDS

    until(is_decided, asked["withinSeconds"])
    return {
        "task": started["task"],
        "queue": started["queue"],
        "fate": fate(app, started),
        "runs": 1 + starts_since(app, started),
        **answer(stored, app, started["id"]),
    }


def fate(app, started):
    """`ended`, `running`, `waiting` for a worker, `held` by one that is no more, `lost`; `unknown` if nobody can say."""
    task_id = started["id"]
    if answer(stored, app, task_id).get("state") in READY_STATES:
        return "ended"
    workers = app.control.inspect(timeout=FURTHER_REPLIES_SECONDS).query_task(task_id)
    if workers is None or any(task_id in mine for mine in workers.values()):
        return "running" if workers else "waiting"
    place = place_of_message(app, task_id, started["queue"])
    return {"gone": "lost", None: "unknown"}.get(place, place)


def starts_since(app, started):
    """How often workers have begun a task of this name; those that ended meanwhile cannot be asked any more."""
    count = 0
    for node, facts in live_workers(app).items():
        is_the_same = facts.get("uptime", 0) >= time.time() - started["at"]
        count += total_of(facts, started["task"]) - (started["totals"].get(node, 0) if is_the_same else 0)
    return count


def total_of(facts, name):
    return facts.get("total", {}).get(name, 0)


QUESTIONS = {"start": start, "follow": follow}

tell(answer(QUESTIONS[request["question"]], app, request))
