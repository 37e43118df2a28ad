"""What the workers say while tasks run. Behind celery_app.py."""

LISTENING_SECONDS = 10.0


class Listener:
    """Hears the events of all tasks from the moment it is entered.

    Workers that send no events of tasks are told to. They are left so: another question may be listening to them.
    `workers` is true when at least one has replied to that.
    """

    def __init__(self, app):
        self.app, self.events, self.heard_itself, self.fault = app, [], False, None

    def __enter__(self):
        self.connection = self.app.connection_for_read()
        self.receiver = self.app.events.Receiver(self.connection, handlers={"*": self.hear})
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        # A subscription takes effect some time after it was asked for, so what is sent must come back first.
        if not until(self.hears_itself, LISTENING_SECONDS):
            raise RuntimeError(f"the broker did not hand out events: {self.fault or 'none came'}")
        self.workers = self.enable()
        return self

    def __exit__(self, *_):
        self.receiver.should_stop = True
        self.thread.join(timeout=FURTHER_REPLIES_SECONDS * 2)
        self.connection.release()

    def enable(self):
        return bool(self.app.control.enable_events(reply=True, timeout=FIRST_REPLY_SECONDS, limit=1))

    def listen(self):
        try:
            self.receiver.capture(wakeup=False)
        except Exception as error:
            self.fault = in_words(error)

    def hear(self, event):
        if event["type"] == "parity-listening":
            self.heard_itself = True
        elif event["type"].startswith("task-"):
            self.events.append(event)

    def hears_itself(self):
        with self.app.events.default_dispatcher() as dispatcher:
            dispatcher.send("parity-listening")
        return self.heard_itself or self.fault

    def of(self, task_id, *types):
        """In the order in which they happened, `task-` left out of the types."""
        mine = [event for event in self.events if event.get("uuid") == task_id and event["type"][5:] in types]
        return sorted(mine, key=lambda event: event["timestamp"])
