"""Stands behind what imports an application, and answers.py before that. Each question is answered by a fork of this process.

Standard output: a line when it can be asked. Standard input: a question a line, {"source": Python that calls `tell`,
"request": what it asks for}; for each a line, what was told, a tab, and {"exitCode", "printed": the last of what else was
printed}.
"""

import traceback

LAST_CHARACTERS = 2000


def answer_in_fork(question):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        for printed_to in (1, 2):
            os.dup2(writer, printed_to)
        run(question)
    os.close(writer)
    with open(reader, errors="replace") as output:
        printed = output.read()
    status = os.waitpid(child, 0)[1]
    exit_code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    say(f"\t{json.dumps({'exitCode': exit_code, 'printed': printed[-LAST_CHARACTERS:]})}\n")


def run(question):
    """Does not return."""
    exit_code = 1
    try:
        exec(question["source"], {**globals(), "request": question["request"]})
        exit_code = 0
    except BaseException:
        # The last lines are those that say what went wrong.
        sys.stdout.flush()
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)


# A question is answered as a fresh process would, which collects.
gc.enable()
# Two processes may not talk over one connection.
if "django" in sys.modules:
    import django
    from django.db import connections

    connections.close_all()
    # What was closed lies open in the pool, where there is one.
    if django.VERSION >= (5, 1):
        for connection in connections.all(initialized_only=True):
            if hasattr(connection, "close_pool"):
                connection.close_pool()
# A fork would print it once more.
sys.stdout.flush()
say("\n")
for line in sys.stdin.buffer:
    answer_in_fork(json.loads(line))
# What the application has begun of its own is nothing to wait for.
os._exit(0)
