"""Finds the Python processes of a service in /proc (man 5 proc), and what each was started with."""

import ctypes
import os
import re
import sys

VARIABLE = re.compile(r"[^\s=]+=")
# Inits and shells only hold the main process; what they start first is it. As in process.sh.
HOLDERS = ("tini", "docker-init", "dumb-init", "catatonit", "sh", "bash", "dash", "ash")


def become_main_process():
    """Takes over its user, its variables and where it finds modules: an entrypoint may have exported what the
    platform does not know, and what this process imports is meant to be what the service itself would."""
    pid = main_process()
    act_as_owner_of([pid])
    variables = variables_of(pid)
    os.environ.update(variables)
    folders = [*filter(None, variables.get("PYTHONPATH", "").split(os.pathsep)), directory_of(pid)]
    sys.path.extend(folder for folder in folders if folder not in sys.path)


def main_process():
    pid = 1
    while program_of(pid) in HOLDERS:
        children = children_of(pid)
        if not children:
            break
        pid = children[0]
    return pid


def program_of(pid):
    return os.path.basename((arguments_of(pid) or [""])[0])


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def python_processes(root):
    """Those of the service, parents first; not this one and not others' commands that run beside it."""
    parents = {int(name): parent_of(name) for name in os.listdir("/proc") if name.isdigit()}

    def line(pid):
        while pid:
            yield pid
            pid = parents.get(pid, 0)

    mine = set(line(os.getpid()))
    ours = [pid for pid in sorted(parents) if pid not in mine and runs_python(pid)]
    return [pid for pid in ours if root in line(pid)] or [pid for pid in ours if os.getpid() not in line(pid)]


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:  # ended meanwhile
        return 0


def runs_python(pid):
    """By its program, or by the library that a server loads."""
    try:
        if os.path.basename(os.readlink(f"/proc/{pid}/exe")).startswith("python"):
            return True
        return any(path and os.path.basename(path).startswith("libpython3") for _, _, path in mappings(pid))
    except PermissionError:
        return any("python" in argument for argument in arguments_of(pid))
    except OSError:
        return False


def beneath(pid, pids):
    def is_beneath(other):
        while other and other != pid:
            other = parent_of(other)
        return other == pid

    return [other for other in pids if other != pid and is_beneath(other)]


def last_of_line(pids):
    return [pid for pid in pids if not beneath(pid, pids)]


def arguments_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", errors="replace") as file:
            return [argument for argument in file.read().split("\0") if argument]
    except OSError:
        return []


def directory_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return os.getcwd()


def variables_of(pid):
    """Empty where they cannot be read, or where the process has written its title over them."""
    try:
        with open(f"/proc/{pid}/environ", errors="surrogateescape") as file:
            entries = [entry for entry in file.read().split("\0") if entry]
    except OSError:
        return {}
    if not all(VARIABLE.match(entry) for entry in entries):
        return {}
    return dict(entry.split("=", 1) for entry in entries)


def act_as_owner_of(pids):
    """A process that gave up being root can be read by its own user alone."""
    if os.geteuid() != 0 or not pids:
        return
    owner = os.stat(f"/proc/{pids[-1]}")
    if owner.st_uid == 0:
        return
    try:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
    except OSError:  # root without the right to, which is seen again when the memory is opened
        return
    ctypes.CDLL(None).prctl(4, 1)  # PR_SET_DUMPABLE: /proc/self stays readable after a change of user
