"""Reads the objects of another Python process through /proc/PID/mem (man 5 proc); it is not stopped, nothing is written.

Both run the same interpreter, so places are found in this process first and looked for at the same distance there.
Layouts: CPython 3.9 to 3.14, 64 bits, with the GIL (Include/cpython/*.h, Include/internal/pycore_dict.h). `Interpreter`
proves on its own objects that it understands them before it believes anything about others'.
"""

import ctypes
import datetime
import os
import pathlib
import struct
import sys

WORD = 8
MAX_READ = 1 << 24  # bytes at a time
MAX_SCAN = 1 << 20  # bytes of the interpreter's state that are searched
MAX_TEXT = 1 << 16  # bytes of one string
MAX_ITEMS = 100_000  # of one container
MAX_DEPTH = 16
MAX_OBJECTS = 500_000  # read from one process

# Objects/typeobject.c: tp_flags
INLINE_VALUES, MANAGED_DICT, HEAP_TYPE = 1 << 2, 1 << 4, 1 << 9
LONG, LIST, TUPLE, BYTES, TEXT, DICT, TYPE = (1 << bit for bit in (24, 25, 26, 27, 28, 29, 31))
# Offsets in PyTypeObject, the same since 3.8.
TP_NAME, TP_BASICSIZE, TP_FLAGS, TP_DICTOFFSET = 24, 32, 168, 288
TYPE_AT, SIZE_AT, DATA_AT = 8, 16, 24  # PyObject, PyVarObject


UNKNOWN_LAYOUT = "the layout of this interpreter's objects is not known"
UNEXPECTED = "its memory is not laid out as expected"
TOO_LARGE = "its settings are larger than what is read"


class Unreadable(Exception):
    """The memory cannot be read, or is not laid out as expected. The message is the same wherever that is so."""


class Foreign:
    """What is not plain data: only the name of its type is known."""

    def __init__(self, type_name):
        self.type_name = type_name


class Interpreter:
    """What this process knows of itself that holds for all processes of the same interpreter."""

    def __init__(self):
        if object.__basicsize__ != 2 * WORD or sys.implementation.name != "cpython":
            raise Unreadable(UNKNOWN_LAYOUT)
        self.runtime = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))
        self.file, self.base = file_at(os.getpid(), self.runtime)
        self.recent = sys.version_info >= (3, 11)
        self.ascii_at = sys.getsizeof("") - 1
        self.text_at = sys.getsizeof("".join(["é", "é"])) - 3  # a new one, which has no UTF-8 form beside it yet
        self.cached_keys = self.paths = None
        own = Process(os.getpid(), self)
        fresh = "".join(["a", "bc"])  # neither interned nor static, so the lowest bit that is set is its kind
        state = own.unsigned(id(fresh) + 32, 4)
        self.kind_shift = (state & -state).bit_length() - 1
        self.tagged_size = own.word(id(5) + SIZE_AT) != 1  # since 3.12
        self.find_cached_keys(own)
        self.to_state, self.to_modules = self.way_to_modules(own)
        self.paths = self.way_to_paths(own)
        self.prove(own)

    def find_cached_keys(self, own):
        """Where a class keeps the names that its instances share."""
        instance = Toy()
        keys = own.word(id(vars(instance)) + 32)
        words = own.words(id(Toy), type.__basicsize__ // WORD)
        self.cached_keys = words.index(keys) * WORD if keys in words else None

    def way_to_modules(self, own):
        """Offsets of what may be the pointer to the interpreter's state, and in it the one to sys.modules."""
        get_state = ctypes.pythonapi.PyInterpreterState_Get
        get_state.restype = ctypes.c_void_p
        state = get_state()
        return own.offsets_of(state, self.runtime), own.offsets_of(id(sys.modules), state)

    def way_to_paths(self, own):
        """Offsets in a pathlib.PurePath of the list of its parts: `_raw_paths` since 3.12, `_parts` before."""
        for name in ("_raw_paths", "_parts"):
            slot = vars(pathlib.PurePath).get(name)
            if slot is not None:
                return own.word(own.word(id(slot) + 40) + 16)  # PyMemberDescrObject.d_member, PyMemberDef.offset

    def prove(self, own):
        try:
            seen = own.value(id(EXAMPLES))
            attributes = {name: own.value(at) for name, at in own.attributes(id(TOY)).items()}
            known = own.modules().get("sys") == id(sys) and "maxsize" in own.members(id(sys))
        except (Unreadable, OSError, struct.error, ValueError, OverflowError) as error:
            raise Unreadable(UNKNOWN_LAYOUT) from error
        if seen != EXAMPLES or attributes != vars(TOY) or not known:
            raise Unreadable(UNKNOWN_LAYOUT)


class Process:
    """@raises Unreadable when its memory may not be read, or another interpreter runs it"""

    def __init__(self, pid, interpreter):
        self.interpreter = interpreter
        self.types = {}
        self.objects_left = MAX_OBJECTS
        try:
            self.base = base_of(pid, interpreter.file)
            self.memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
        except OSError as error:
            raise Unreadable(f"its memory may not be read ({error.strerror})") from None
        if self.base is None:
            raise Unreadable("it is run by another interpreter than the one that looks")

    # --- memory ---

    def read(self, address, size):
        if size == 0:  # an empty list has none
            return b""
        if not 0 < size <= MAX_READ or not 0 < address < 1 << 63:
            raise Unreadable(UNEXPECTED)
        try:
            data = os.pread(self.memory.fileno(), size, address)
        except OSError as error:
            raise Unreadable(f"its memory may not be read ({error.strerror})") from None
        if len(data) != size:
            raise Unreadable(UNEXPECTED)
        return data

    def unsigned(self, address, size=WORD):
        return int.from_bytes(self.read(address, size), "little")

    word = unsigned

    def signed(self, address, size=WORD):
        return int.from_bytes(self.read(address, size), "little", signed=True)

    def words(self, address, count):
        return struct.unpack(f"<{count}Q", self.read(address, count * WORD))

    def offsets_of(self, pointer, start):
        """Where a pointer stands behind an address, as far as there is memory."""
        offsets = []
        for offset in range(0, MAX_SCAN, 4096):
            try:
                words = self.words(start + offset, 4096 // WORD)
            except Unreadable:
                break
            offsets += [offset + index * WORD for index, word in enumerate(words) if word == pointer]
        return offsets

    def translated(self, address):
        """Where something of the interpreter's own file is in this process."""
        return address - self.interpreter.base + self.base

    # --- objects ---

    def type_of(self, address):
        at = self.word(address + TYPE_AT)
        if at not in self.types:
            self.types[at] = (at, self.name_of(at), self.word(at + TP_FLAGS))
        return self.types[at]

    def name_of(self, type_at):
        name = self.read_until_zero(self.word(type_at + TP_NAME))
        return name.rpartition(".")[2]

    def read_until_zero(self, address, limit=256):
        """Piece by piece, as there may be no memory behind it."""
        text = b""
        while b"\0" not in text and len(text) < limit:
            text += self.read(address + len(text), 16 - (address + len(text)) % 16)
        return text.partition(b"\0")[0].decode("utf-8", "replace")

    def value(self, address, depth=MAX_DEPTH):
        """Plain data as it is, everything else as `Foreign`."""
        self.objects_left -= 1
        if self.objects_left < 0:
            raise Unreadable(TOO_LARGE)
        if depth == 0:
            return Foreign("deeper")
        _, name, flags = self.type_of(address)
        inside = depth - 1
        if flags & LONG:
            number = self.integer(address)
            return bool(number) if name == "bool" else number
        if flags & TEXT:
            return self.text(address)
        if flags & BYTES:
            return self.read(address + 32, self.size(address, MAX_TEXT))
        if flags & DICT:
            return {self.value(key, inside): self.value(at, inside) for key, at in self.items(address)}
        if flags & LIST:
            return [self.value(at, inside) for at in self.words(self.word(address + DATA_AT), self.size(address))]
        if flags & TUPLE:
            items = self.words(address + tuple.__basicsize__, self.size(address))
            return tuple(self.value(at, inside) for at in items)
        if flags & TYPE:
            return Foreign(f"class {self.name_of(address)}")
        if name in ("set", "frozenset"):
            return frozenset(self.value(at, inside) for at in self.elements(address))
        if name == "NoneType":
            return None
        if name == "float":
            return struct.unpack("<d", self.read(address + 16, 8))[0]
        if name == "timedelta":
            return datetime.timedelta(*struct.unpack("<iii", self.read(address + 24, 12)))
        if name in ("PosixPath", "PurePosixPath") and self.interpreter.paths:
            parts = self.word(address + self.interpreter.paths)
            if parts:
                return pathlib.PurePosixPath(*self.value(parts, inside))
        return Foreign(name)

    def size(self, address, limit=MAX_ITEMS):
        size = self.word(address + SIZE_AT)
        if size > limit:
            raise Unreadable(TOO_LARGE)
        return size

    def integer(self, address):
        if self.interpreter.tagged_size:
            tag = self.word(address + SIZE_AT)
            count, sign = tag >> 3, 1 - (tag & 3)
        else:
            size = self.signed(address + SIZE_AT)
            count, sign = abs(size), -1 if size < 0 else 1
        digits = struct.unpack(f"<{count}I", self.read(address + DATA_AT, 4 * count)) if sign else ()
        return sign * sum(digit << (30 * index) for index, digit in enumerate(digits))

    def text(self, address):
        state = self.unsigned(address + 32, 4) >> self.interpreter.kind_shift
        kind, compact, ascii_only = state & 7, state >> 3 & 1, state >> 4 & 1
        if kind not in (1, 2, 4):
            raise Unreadable(UNEXPECTED)
        at = address + (self.interpreter.ascii_at if ascii_only else self.interpreter.text_at)
        if not compact:  # an instance of a subclass
            at = self.word(address + self.interpreter.text_at)
        data = self.read(at, self.size(address, MAX_TEXT) * kind)
        return data.decode({1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[kind], "surrogatepass")

    def elements(self, address):
        _, _, mask, table = self.words(address + 16, 4)
        entries = self.words(table, 2 * min(mask + 1, MAX_ITEMS))
        return [key for key, hashed in zip(entries[::2], entries[1::2]) if key and hashed != (1 << 64) - 1]

    def items(self, dict_at):
        """Pairs of addresses. The values stand beside the keys, or for instances of a class in an array of their own."""
        keys, values = self.words(dict_at + 32, 2)
        return self.entries(keys, values and values + self.values_offset)

    @property
    def values_offset(self):
        return WORD if sys.version_info >= (3, 13) else 0

    def entries(self, keys, values):
        if self.interpreter.recent:
            _, log2_index_bytes, kind = self.read(keys + 8, 3)
            count, start = self.word(keys + 24), keys + 32 + (1 << log2_index_bytes)
            width = 2 if kind else 3
        else:
            size, count = self.word(keys + 8), self.word(keys + 32)
            index_bytes = 1 if size <= 0xFF else 2 if size <= 0xFFFF else 4
            start, width = keys + 40 + size * index_bytes, 3
        if count > MAX_ITEMS:
            raise Unreadable(TOO_LARGE)
        words = self.words(start, count * width)
        beside = words[width - 1 :: width]
        found = zip(words[width - 2 :: width], self.words(values, count) if values else beside)
        return [(key, value) for key, value in found if key and value]

    def attributes(self, address):
        """Of an instance of a class written in Python: name → address."""
        type_at, _, flags = self.type_of(address)
        if not flags & MANAGED_DICT:
            offset = self.signed(type_at + TP_DICTOFFSET)
            dict_at, values = (self.word(address + offset) if offset > 0 else 0), 0
        elif sys.version_info >= (3, 13):
            dict_at = self.word(address - 24)
            values = address + self.word(type_at + TP_BASICSIZE) if flags & INLINE_VALUES else 0
        elif sys.version_info >= (3, 12):
            tagged = self.word(address - 24)  # either of them, told apart by the lowest bit
            dict_at, values = (0, tagged + 1) if tagged & 1 else (tagged, 0)
        else:
            values, dict_at = self.words(address - 32, 2)
        if dict_at:
            found = self.items(dict_at)
        elif values and flags & HEAP_TYPE:
            found = self.entries(self.word(type_at + self.interpreter.cached_keys), values + self.values_offset)
        else:
            found = []
        return {self.text(key): value for key, value in found}

    def members(self, module_at):
        """Of a module: name → address."""
        return {self.text(key): value for key, value in self.items(self.word(module_at + 16))}

    def modules(self):
        """sys.modules: name → address."""
        runtime = self.translated(self.interpreter.runtime)
        for to_state in self.interpreter.to_state:
            for to_modules in self.interpreter.to_modules:
                try:
                    at = self.word(self.word(runtime + to_state) + to_modules)
                    found = {self.text(key): value for key, value in self.items(at)}
                except Unreadable:
                    continue
                if "sys" in found and "builtins" in found:
                    return found
        raise Unreadable("its modules cannot be found")


def mappings(pid):
    with open(f"/proc/{pid}/maps") as lines:
        for line in lines:
            addresses, _, _, _, inode, *path = line.rstrip("\n").split(None, 5)
            start, end = (int(address, 16) for address in addresses.split("-"))
            yield start, end, path[0].replace(" (deleted)", "") if inode != "0" and path else None


def file_at(pid, address):
    """The file that holds an address, and where it begins. What a program zeroes lies behind its file."""
    before = [(start, path) for start, _, path in mappings(pid) if path and start <= address]
    file = before[-1][1]
    return file, base_of(pid, file)


def base_of(pid, file):
    return min((start for start, _, path in mappings(pid) if path == file), default=None)


class Toy:
    def __init__(self):
        self.number, self.text = 7, "é"


class Word(str):
    pass


TOY = Toy()
EXAMPLES = {
    "text": ["abc", "é", "ā", "😀", "", Word("sub")],
    "numbers": [0, 5, -5, 1 << 70, -(1 << 70), True, False, 1.5, None],
    "more": (b"bytes", {"a", 1}, frozenset(), {1: 2, None: 3, "x": {}}),
    "paths": [pathlib.PurePosixPath("/srv", "media")],
    "empty": [[], (), {}, set(), b""],
    "time": datetime.timedelta(days=-1, seconds=5),
}
