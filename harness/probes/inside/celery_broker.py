"""Where a task's message is, as the broker has it. Behind celery_app.py. Only Redis can be looked into: None elsewhere."""


def place_of_message(app, task_id, queue):
    """`waiting` in its queue, `held` by a worker that has not acknowledged it, or `gone`."""
    with app.connection_for_write() as connection:
        if connection.transport.driver_type != "redis":
            return None
        channel, sought = connection.default_channel, task_id.encode()
        prefix = getattr(channel, "global_keyprefix", "")
        if any(sought in held for held in channel.client.hvals(prefix + channel.unacked_key)):
            return "held"
        keys = {prefix + channel._q_for_pri(queue, priority) for priority in channel.priority_steps}
        waiting = any(sought in message for key in keys for message in channel.client.lrange(key, 0, -1))
        return "waiting" if waiting else "gone"


def visibility_timeout(app, options):
    """Seconds after which the broker hands out again what was not acknowledged, under the transport's options."""
    with app.connection_for_write() as connection:
        if connection.transport.driver_type != "redis":
            return None
        return (options or {}).get("visibility_timeout", type(connection.default_channel).visibility_timeout)


def hand_out_again(app, seconds):
    """What each worker does when it starts, and every 100 s or so: puts back what was held for longer than this."""
    with app.connection_for_write() as connection:
        restoring = connection.default_channel.qos
        restoring.visibility_timeout = seconds
        restoring.restore_visible(interval=1)
