"""A shelf of books, and a job that counts their letters."""

import os

import redis
import rq
from flask import Flask, jsonify, request

from shelf.jobs import letters

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["SHELF_QUEUE_URL"])
queue = rq.Queue(connection=store)


@app.get("/")
def books():
    return jsonify(books=["Moby Dick", "Emma"], title=os.environ["SHELF_TITLE"])


@app.get("/healthz")
def health():
    return jsonify(queue=store.ping())


@app.post("/count")
def count():
    return jsonify(job=queue.enqueue(letters, request.get_json()["title"]).id), 202
