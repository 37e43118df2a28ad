"""Tells, as JSON, which Django settings are in effect in the running processes of a service.

Stands behind memory.py and processes.py; `source` is the text of all three. Only reads. Prints null where nothing runs
Django. Argument, as JSON: {"root": id of the process that all of the service's stand below, "start": what starts this
text with `python -c`, "python": interpreter for a fresh process or null, "oneOff": whether to ask a one-off command too};
{"fresh": name of the settings module} makes it the fresh process.
"""

import importlib
import json
import re
import shutil
import subprocess

MAX_TEXT_SHOWN = 4_000
MAX_DEPTH_SHOWN = 10
MAX_DEFAULT_ITEMS = 20
FRESH_SECONDS = 60
# Set by the interpreter, servers, reloaders and frameworks for themselves and their children, not by the project.
OF_THE_SERVER = re.compile(
    r"TZ|LC_CTYPE|SERVER_SOFTWARE|GUNICORN_\w+|RUN_MAIN|WERKZEUG_\w+|WATCHFILES_\w+|PYDEVD_\w+|DJANGO_AUTORELOAD_ENV"
    r"|CELERY_(APP|LOADER|BROKER_URL|LOG_\w+|RDBSIG|TRACE_APP)|C_FORCE_ROOT|FORKED_BY_MULTIPROCESSING|_MP_\w+"
)
# Differ between a command that is run in a container and the process that the container was started with.
OF_THE_COMMAND = {"HOME", "USER", "LOGNAME", "TERM", "HOSTNAME", "_", "SHLVL", "PWD", "OLDPWD"}
ASSIGNED_MODULE = re.compile(r"DJANGO_SETTINGS_MODULE['\"]\s*(?:,|\]\s*=)\s*['\"]([\w.]+)['\"]")
# django.db.utils.ConnectionHandler.configure_settings
FILLED_IN = {
    **dict.fromkeys(("NAME", "USER", "PASSWORD", "HOST", "PORT"), ""),
    **{"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False},
    **{"OPTIONS": {}, "TIME_ZONE": None, "ENGINE": "django.db.backends.dummy"},
    "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
}


def answer(request):
    pids = python_processes(request["root"])
    act_as_owner_of(pids)
    views, unreadable = live_views(pids)
    how = "live process"
    if not views and unreadable:
        views, how = fresh_views(pids, request["python"]), f"fresh process: {unreadable}"
    if not views:
        return None
    view = views[0]
    given = {**variables_of(pids[0]), **variables_of(os.getpid())}
    told = {
        "seenIn": how,
        "settings": view["settings"],
        "environmentChanged": changed(given, view),
        "processesDisagree": disagreement([other["settings"] for other in views]),
    }
    if request["oneOff"]:
        told["oneOff"] = one_off(view, request["python"])
    return told


def live_views(pids):
    """Of the processes that do the work, and why others cannot be read: what stands above them (a master, a reloader)
    only holds them, and may still have the settings of its own start."""
    try:
        interpreter = Interpreter()
    except (Unreadable, AttributeError, ImportError, OSError, ValueError, struct.error) as error:
        return [], str(error)
    seen, unreadable = {}, None
    for pid in pids:
        try:
            seen[pid] = seen_in(Process(pid, interpreter))
        except Unreadable as error:
            if os.path.exists(f"/proc/{pid}"):  # has not ended meanwhile
                unreadable = str(error)
        except (ValueError, KeyError, OverflowError, struct.error):
            unreadable = UNEXPECTED
    views = [view for pid, view in seen.items() if view and not any(seen.get(below) for below in beneath(pid, pids))]
    return views, unreadable


def changed(given, view):
    """Variables that the process sees otherwise than its container gives them."""
    now = view["environment"]
    names = {name for name in {*given, *now} if given.get(name) != now.get(name) and not OF_THE_SERVER.fullmatch(name)}
    names -= OF_THE_COMMAND
    # Named by manage.py or wsgi.py where the container names none: the module itself is told.
    if "DJANGO_SETTINGS_MODULE" not in given:
        names.discard("DJANGO_SETTINGS_MODULE")
    return {name: {"container": given.get(name), "process": now.get(name)} for name in sorted(names)}


def disagreement(settings):
    """Settings that are not the same in all processes of the service, with each value that is there."""
    names = {name for some in settings for name in some if any(one.get(name) != some[name] for one in settings)}
    return {name: distinct([one.get(name) for one in settings]) for name in sorted(names)}


def distinct(values):
    return [value for index, value in enumerate(values) if value not in values[:index]]


def one_off(live, python):
    """Where a command that somebody runs in the container goes by other settings than the live process."""
    module = os.environ.get("DJANGO_SETTINGS_MODULE") or module_named_in(["manage.py"], os.getcwd())
    if not module:
        return {"SETTINGS_MODULE": {"live": live["settings"]["SETTINGS_MODULE"], "oneOff": None}}
    python = python or [shutil.which("python") or shutil.which("python3") or sys.executable]
    view = fresh(python, module, dict(os.environ), os.getcwd())
    if not view or "fails" in view:
        return view or {"fails": "Django is not installed for it"}
    differing = disagreement([live["settings"], view["settings"]])
    return {name: {"live": live["settings"].get(name), "oneOff": view["settings"].get(name)} for name in differing}


# --- the live process ---


def seen_in(process):
    """None where Django's settings are not loaded."""
    modules = process.modules()
    if "django.conf" not in modules or "os" not in modules:
        return None
    lazy = process.members(modules["django.conf"]).get("settings")
    holder = lazy and process.attributes(lazy).get("_wrapped")
    if not holder or process.type_of(holder)[1] == "object":
        return None
    layers = []
    while holder and process.type_of(holder)[1] != "module":
        layers.append(process.attributes(holder))
        holder = layers[-1].get("default_settings")
    defaults = process.members(modules["django.conf.global_settings"])
    found = {name: at for layer in (defaults, *reversed(layers)) for name, at in layer.items()}
    module = process.value(found["SETTINGS_MODULE"]) if "SETTINGS_MODULE" in found else None
    upper = lambda names: {name: plain(process.value(at)) for name, at in names.items() if name.isupper()}
    data = process.attributes(process.members(modules["os"])["environ"])["_data"]
    environment = {os.fsdecode(name): os.fsdecode(text) for name, text in process.value(data).items()}
    return view_of(module, upper(found), upper(defaults), environment)


def view_of(module, values, usual, environment):
    """Every setting with the value in effect, whoever set it, but for long lists (LANGUAGES) that are Django's own."""
    told = {
        name: as_written(value) if name == "DATABASES" else value
        for name, value in values.items()
        if not (is_long(value) and value == usual.get(name))
    }
    return {"settings": {**told, "SETTINGS_MODULE": module}, "environment": environment}


def is_long(value):
    return isinstance(value, list) and len(value) > MAX_DEFAULT_ITEMS


def as_written(databases):
    """Django writes its defaults into each database when the first one is used, which not every process does."""
    if not isinstance(databases, dict):
        return databases
    written = {
        alias: {name: value for name, value in database.items() if FILLED_IN.get(name, ...) != value}
        for alias, database in databases.items()
        if isinstance(database, dict)
    }
    return {alias: database for alias, database in written.items() if database or alias != "default"}


def plain(value, depth=MAX_DEPTH_SHOWN):
    """As JSON, that is the same in each process; what is not plain data is the name of its type."""
    if depth == 0:
        return "<deeper>"
    inside = depth - 1
    if isinstance(value, Foreign):
        return f"<{value.type_name}>"
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 1 << 53 else str(int(value))
    if isinstance(value, float):
        return float(value) if value - value == 0 else str(value)  # JSON has no infinity
    if isinstance(value, str):
        text = str.__str__(value)
        return text if len(text) <= MAX_TEXT_SHOWN else f"{text[:MAX_TEXT_SHOWN]}…"
    if isinstance(value, bytes):
        return plain(bytes(value).decode("utf-8", "backslashreplace"), depth)
    if isinstance(value, dict):
        return {str(plain(name, inside)): plain(member, inside) for name, member in dict.items(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item, inside) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, inside) for item in value), key=str)
    if isinstance(value, (pathlib.PosixPath, pathlib.PurePosixPath, datetime.timedelta)):
        return str(value)
    if isinstance(value, type):
        return f"<class {value.__name__}>"
    return f"<{type(value).__name__}>"


# --- a fresh process, where the live one cannot be read ---


def fresh_views(pids, python):
    """Of a process with the live one's variables and folder that imports what that one was started with.
    @raises SystemExit when that fails"""
    pid = last_of_line(pids)[0]
    environment = variables_of(pid) or variables_of(pids[0]) or dict(os.environ)
    arguments, directory = arguments_of(pid), directory_of(pid)
    module = environment.get("DJANGO_SETTINGS_MODULE") or module_named_in(arguments, directory)
    if not module:
        return []
    started_with = arguments[0] if arguments and "python" in os.path.basename(arguments[0]) else "python"
    python = python or [shutil.which(started_with, path=environment.get("PATH")) or sys.executable]
    view = fresh(python, module, environment, directory)
    if view and "fails" in view:
        raise SystemExit(view["fails"])
    return [view] if view else []


def fresh(python, module, environment, directory):
    """Its view, {"fails": why}, or None where Django is not installed. Leaves no compiled files in the project.
    @raises SystemExit when it does not answer, of which nothing follows"""
    command = [*python, "-B", "-c", request["start"], json.dumps({"fresh": module})]
    try:
        where = {"env": environment, "cwd": directory, "timeout": FRESH_SECONDS}
        done = subprocess.run(command, input=source, capture_output=True, text=True, **where)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SystemExit(f"{type(error).__name__}: a fresh process could not be asked") from None
    if done.returncode:
        return {"fails": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:500]}
    return json.loads(done.stdout.splitlines()[-1])


def seen_here(module):
    """The answer of the fresh process."""
    try:
        from django import conf
    except ImportError:
        return None
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    conf.settings.DEBUG  # the first question to them loads them
    upper = lambda names: {name: plain(value) for name, value in names.items() if name.isupper()}
    defaults = importlib.import_module("django.conf.global_settings")
    return view_of(module, upper(vars(conf.settings._wrapped)), upper(vars(defaults)), dict(os.environ))


def module_named_in(arguments, directory):
    """The settings module that one of these files, or of these modules (`config.wsgi:application`), names."""
    for argument in arguments:
        name = argument.rpartition("=")[2].partition(":")[0]
        stem = name.replace(".", "/")
        for file in (name, f"{stem}.py", f"{stem}/__init__.py", f"{stem}/celery.py"):
            try:
                with open(os.path.join(directory, file), encoding="utf-8", errors="replace") as opened:
                    found = ASSIGNED_MODULE.search(opened.read(MAX_TEXT))
            except (OSError, ValueError):
                continue
            if found:
                return found[1]


request = json.loads(sys.argv[1])
# What the application prints while it is imported is not an answer.
standard_output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
told = seen_here(request["fresh"]) if "fresh" in request else answer(request)
json.dump(told, standard_output, sort_keys=True)
standard_output.close()
