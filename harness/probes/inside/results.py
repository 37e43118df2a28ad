"""Reads results that another process has waited for, and removes them. Behind celery_app.py. Asked for: {"ids": [...]}."""


def read(app, task_id):
    found = stored(app, task_id)
    app.AsyncResult(task_id).forget()
    return found


tell({task_id: answer(read, app, task_id) for task_id in request["ids"]})
