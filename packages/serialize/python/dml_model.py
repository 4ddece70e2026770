"""Reads model files of @dml/serialize, binary or JSON, by FORMAT.md, with the standard library of Python 3.8 or newer.

    from dml_model import load
    model = load("model.dml")
    model.type, model.version, model.fields["components"][0].fields["mu"]

or, to print a file as JSON:

    python3 dml_model.py model.dml

Nothing of a file is run. What Python has is used: int, float, str, bool, None, list, dict and bytes (for an ArrayBuffer). The
rest has classes here; the elements of a typed array are an array.array. A shared object is the same object at each mention.
"""
import array
import json
import math
import re
import struct
import sys

MAGIC = bytes.fromhex("89444d4c0d0a1a0a")
MASK = 0xFFFFFFFF
MAX_DEPTH = 256
MAX_ITEMS = 10_000_000

TYPED = {
    64: ("Uint8Array", "B"), 68: ("Uint8ClampedArray", "B"), 69: ("Uint16Array", "H"), 70: ("Uint32Array", "I"),
    71: ("BigUint64Array", "Q"), 72: ("Int8Array", "b"), 77: ("Int16Array", "h"), 78: ("Int32Array", "i"),
    79: ("BigInt64Array", "q"), 85: ("Float32Array", "f"), 86: ("Float64Array", "d"),
}
TYPED_BY_NAME = {name: (name, code) for name, code in TYPED.values()}


class FormatError(ValueError):
    """A file that is damaged, of a newer format, too large, or none of ours."""


class Model:
    """A model: the name and version of its type, and its fields by name."""

    def __init__(self, type, version, fields):
        self.type, self.version, self.fields = type, version, fields

    def __repr__(self):
        return "%s(%s)" % (self.type, ", ".join("%s=%r" % pair for pair in self.fields.items()))


class BigInt(int):
    """A BigInt of JavaScript, which is no number there."""


class Named:
    """A value that Python lacks: `undefined`, a hole of an array, an invalid date."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


UNDEFINED, HOLE, INVALID_DATE = Named("undefined"), Named("hole"), Named("invalid date")


class Date:
    """A time, in milliseconds since 1970 in UTC. Years may be beyond those of Python's datetime."""

    def __init__(self, milliseconds):
        self.milliseconds = milliseconds

    def __repr__(self):
        return "Date(%d)" % self.milliseconds


class Pairs:
    """A Map: `entries` is a list of [key, value]. Keys of any kind, which a dict could not hold."""

    def __init__(self):
        self.entries = []


class Members:
    """A Set: `members` in their order."""

    def __init__(self):
        self.members = []


class TypedArray:
    """A typed array: its name in JavaScript, and its elements."""

    def __init__(self, name, elements):
        self.name, self.elements = name, elements

    def __len__(self):
        return len(self.elements)

    def __getitem__(self, i):
        return self.elements[i]


def load(path):
    """Reads a file. Raises FormatError, or OSError."""
    with open(path, "rb") as file:
        return read(file.read())


def read(data):
    """Reads the bytes of a file."""
    if data[:1] == MAGIC[:1]:
        return read_binary(data)
    try:
        return read_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormatError("neither a binary model file nor JSON in UTF-8") from error


def read_binary(data):
    if data[:8] != MAGIC:
        raise FormatError("not a model file")
    if len(data) < 24:
        raise FormatError("truncated header")
    version, reserved, checksum, length = struct.unpack_from(">HHIQ", data, 8)
    payload = data[24:]
    if version > 1:
        raise FormatError("format version %d is newer than 1" % version)
    if (version, reserved, len(payload)) != (1, 0, length):
        raise FormatError("damaged header, or %d bytes where %d are announced" % (len(payload), length))
    if xxh32(payload) != checksum:
        raise FormatError("damaged: the checksum differs")
    reader = BinaryReader(payload)
    parts = reader.item(0)
    if type(parts) is not list or len(parts) != 2 or reader.at != len(payload):
        raise FormatError("the payload must be blobs and tree")
    return parts[1]


def xxh32(data):
    p1, p2, p3, p4, p5 = 2654435761, 2246822519, 3266489917, 668265263, 374761393

    def rotate(x, bits):
        return ((x << bits) | (x >> (32 - bits))) & MASK

    at = 0
    if len(data) >= 16:
        lanes = [(p1 + p2) & MASK, p2, 0, -p1 & MASK]
        while at + 16 <= len(data):
            for i, word in enumerate(struct.unpack_from("<4I", data, at)):
                lanes[i] = rotate((lanes[i] + word * p2) & MASK, 13) * p1 & MASK
            at += 16
        h = sum(rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & MASK
    else:
        h = p5
    h = (h + len(data)) & MASK
    while at + 4 <= len(data):
        h = rotate((h + struct.unpack_from("<I", data, at)[0] * p3) & MASK, 17) * p4 & MASK
        at += 4
    for byte in data[at:]:
        h = rotate((h + byte * p5) & MASK, 11) * p1 & MASK
    h = (h ^ (h >> 15)) * p2 & MASK
    h = (h ^ (h >> 13)) * p3 & MASK
    return h ^ (h >> 16)


UNFINISHED = Named("unfinished")


class BinaryReader:
    def __init__(self, data):
        self.data, self.at, self.items, self.shared = data, 0, 0, []

    def take(self, count):
        if count > len(self.data) - self.at:
            raise FormatError("truncated at byte %d" % self.at)
        self.at += count
        return self.data[self.at - count : self.at]

    def head(self):
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if major == 7 or info < 24:
            return major, first if major == 7 else info
        if info > 27:
            raise FormatError("indefinite length at byte %d" % self.at)
        return major, int.from_bytes(self.take(1 << (info - 24)), "big")

    def expect(self, major):
        found, n = self.head()
        if found != major:
            raise FormatError("expected major type %d at byte %d" % (major, self.at))
        return n

    def enter(self, count, depth):
        self.items += count
        if depth >= MAX_DEPTH + 1 or self.items > MAX_ITEMS:
            raise FormatError("deeper or larger than the limits")
        if count > len(self.data) - self.at:
            raise FormatError("truncated at byte %d" % self.at)

    def item(self, depth, place=None):
        """`place` is the number of the shared value that this item is."""
        major, n = self.head()
        if major == 0:
            return n
        if major == 1:
            return -1 - n
        if major == 2:
            return self.take(n)
        if major == 3:
            return self.text(n)
        if major == 4:
            self.enter(n, depth)
            return [self.item(depth + 1) for _ in range(n)]
        if major == 5:
            return self.fields(n, depth)
        if major == 6:
            return self.tagged(n, depth, place)
        if n == 0xFB:
            return struct.unpack(">d", self.take(8))[0]
        simple = {0xF4: False, 0xF5: True, 0xF6: None, 0xF7: UNDEFINED}
        if n not in simple:
            raise FormatError("byte %02x starts no item" % n)
        return simple[n]

    def text(self, n, errors="strict"):
        try:
            return self.take(n).decode("utf-8", errors)
        except UnicodeDecodeError as error:
            raise FormatError("text that is not UTF-8 before byte %d" % self.at) from error

    def fields(self, n, depth):
        self.enter(2 * n, depth)
        out = {}
        for _ in range(n):
            key = self.item(depth + 1)
            if type(key) is not str or key in out:
                raise FormatError("a key that is no text, or occurs twice")
            out[key] = self.item(depth + 1)
        return out

    def tagged(self, tag, depth, place):
        if tag == 27:
            if self.expect(4) != 3:
                raise FormatError("a model must have three parts")
            name, version = self.text(self.expect(3)), self.expect(0)
            return Model(name, version, self.fields(self.expect(5), depth))
        if tag == 28 and place is None:
            place = len(self.shared)
            self.shared.append(UNFINISHED)
            self.shared[place] = self.item(depth, place)
            return self.shared[place]
        if tag == 29:
            number = self.expect(0)
            if number >= len(self.shared) or self.shared[number] is UNFINISHED:
                raise FormatError("a reference to what is not complete")
            return self.shared[number]
        if tag == 31:
            if self.take(1) != b"\xf7":
                raise FormatError("a hole that is not undefined")
            return HOLE
        if tag in (2, 3):
            magnitude = int.from_bytes(self.take(self.expect(2)), "big")
            return BigInt(magnitude if tag == 2 else -1 - magnitude)
        if tag == 258:
            out, count = Members(), self.expect(4)
            self.enter(count, depth)
            out.members = [self.item(depth + 1) for _ in range(count)]
            return out
        if tag == 259:
            out, count = Pairs(), self.expect(5)
            self.enter(2 * count, depth)
            out.entries = [[self.item(depth + 1), self.item(depth + 1)] for _ in range(count)]
            return out
        if tag == 273:
            return self.text(self.expect(2), "surrogatepass")
        if tag == 1001:
            return self.date()
        if tag not in TYPED:
            raise FormatError("tag %d has no meaning here" % tag)
        name, code = TYPED[tag]
        return TypedArray(name, elements_of(code, self.take(self.expect(2))))


    def date(self):
        count = self.expect(5)
        if self.take(1) != b"\x01":
            raise FormatError("a date without key 1")
        if count == 1 and self.take(9) == bytes.fromhex("fb7ff8000000000000"):
            return INVALID_DATE
        major, n = self.head()
        if count != 2 or major > 1 or self.take(1) != b"\x22":
            raise FormatError("a date without whole seconds and key -3")
        return Date((n if major == 0 else -1 - n) * 1000 + self.expect(0))


def elements_of(code, raw):
    size = struct.calcsize("<" + code)
    if len(raw) % size:
        raise FormatError("bytes that are no whole number of elements")
    return array.array(code, struct.unpack("<%d%s" % (len(raw) // size, code), raw))


class JsonValue:
    """An object of the document as it was written: its members in their order."""

    def __init__(self, members):
        self.members = dict(members)
        if len(self.members) != len(members):
            raise FormatError("a key occurs twice")


def integer(text):
    if len(text) > 310:
        raise FormatError("the number %s… is too large for a double" % text[:60])
    value = int(text)
    if abs(value) >= 2**1024:
        raise FormatError("the number %s… is too large for a double" % text[:60])
    if value == 0 and text.startswith("-"):
        return -0.0
    if abs(value) >= 2**53 and int(float(value)) != value:
        raise FormatError("the integer %s is not exactly a double" % text[:60])
    return float(value) if abs(value) >= 2**53 else value


def real(text):
    value = float(text)
    if math.isinf(value):
        raise FormatError("the number %s is too large for a double" % text[:60])
    return value


def refuse(text):
    raise FormatError("%s is no JSON" % text)


def read_json(text):
    try:
        document = json.loads(
            text, object_pairs_hook=JsonValue, parse_int=integer, parse_float=real, parse_constant=refuse
        )
    except json.JSONDecodeError as error:
        raise FormatError("no JSON: %s" % error) from error
    except RecursionError as error:
        raise FormatError("deeper than the limits") from error
    if isinstance(document, JsonValue) and "$dml" in document.members:
        if document.members["$dml"] != 1 or list(document.members) != ["$dml", "$value"]:
            raise FormatError("a newer format, or a damaged envelope")
        document = document.members["$value"]
    return JsonReader().item(document, 0)


class JsonReader:
    def __init__(self):
        self.shared = {}

    def item(self, node, depth):
        if depth > MAX_DEPTH:
            raise FormatError("deeper than the limits")
        if isinstance(node, list):
            return [HOLE if is_hole(item) else self.item(item, depth + 1) for item in node]
        if not isinstance(node, JsonValue):
            return node
        members = node.members
        if "type" in members:
            fields = {k: v for k, v in members.items() if k not in ("type", "$version")}
            return Model(members["type"], members.get("$version", 1), self.fields(fields, depth))
        for key in members:
            if re.match(r"\$(?!\$|type$)", key):
                return self.directive(key, members, depth)
        return self.fields(members, depth)

    def fields(self, members, depth):
        out = {}
        for key, node in members.items():
            plain = key[1:] if key == "$type" or key.startswith("$$") else key
            if plain == key and key.startswith("$"):
                raise FormatError("%r has no meaning here" % key[:60])
            out[plain] = self.item(node, depth + 1)
        return out

    def directive(self, key, members, depth):
        value = members[key]
        if key == "$id" and list(members) == ["$id", "$value"] and isinstance(value, int):
            if value in self.shared:
                raise FormatError("an $id occurs twice")
            self.shared[value] = UNFINISHED
            self.shared[value] = self.item(members["$value"], depth)
            return self.shared[value]
        if len(members) != 1:
            raise FormatError("%r has other keys beside it" % key[:60])
        if key == "$ref" and isinstance(value, int):
            if self.shared.get(value, UNFINISHED) is UNFINISHED:
                raise FormatError("a $ref to what is not complete")
            return self.shared[value]
        if key == "$number" and value in ("NaN", "Infinity", "-Infinity", "-0"):
            return float(value.replace("Infinity", "inf"))
        if key == "$undefined" and value is True:
            return UNDEFINED
        if key == "$bigint" and isinstance(value, str) and re.fullmatch(r"0|-?[1-9]\d*", value):
            return BigInt(value)
        if key == "$date":
            return date_of(value)
        if key in ("$number", "$undefined", "$bigint", "$ref", "$id", "$value", "$hole"):
            raise FormatError("%r has a value that it cannot have" % key)
        if key != "$date" and not isinstance(value, list):
            raise FormatError("%r must be an array" % key[:60])
        if key == "$set":
            out = Members()
            out.members = [self.item(node, depth + 1) for node in value]
            return out
        if key == "$map":
            out = Pairs()
            if any(not isinstance(entry, list) or len(entry) != 2 for entry in value):
                raise FormatError("an entry of $map must be [key, value]")
            out.entries = [[self.item(k, depth + 1), self.item(v, depth + 1)] for k, v in value]
            return out
        if key == "$ArrayBuffer" or key[1:] in TYPED_BY_NAME:
            name, code = TYPED_BY_NAME.get(key[1:], ("Uint8Array", "B"))
            try:
                raw = b"".join(element(code, node) for node in value)
            except (struct.error, ValueError, TypeError, OverflowError) as error:
                raise FormatError("%r has an element that it cannot have" % key) from error
            return raw if key == "$ArrayBuffer" else TypedArray(name, elements_of(code, raw))
        raise FormatError("%r has no meaning here" % key[:60])


def is_hole(node):
    return isinstance(node, JsonValue) and node.members == {"$hole": True}


def element(code, node):
    """One element of a typed array, as its bytes."""
    if code in "qQ":
        return struct.pack("<" + code, int(node))
    if code in "fd":
        size = 4 if code == "f" else 8
        if node == "NaN":
            return (0x7FC00000 if code == "f" else 0x7FF8000000000000).to_bytes(size, "little")
        if isinstance(node, str) and node.startswith("NaN:"):
            return int(node[4:], 16).to_bytes(size, "little")
        return struct.pack("<" + code, float(node.replace("Infinity", "inf") if isinstance(node, str) else node))
    return struct.pack("<" + code, int(node) if isinstance(node, int) else node)


def date_of(text):
    if text is None:
        return INVALID_DATE
    if not isinstance(text, str):
        raise FormatError("a date that is no text")
    match = re.fullmatch(r"([+-]\d{6}|\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?Z", text)
    if match is None:
        raise FormatError("%r is no date" % text[:60])
    year, month, day, hours, minutes, seconds = (int(part) for part in match.groups()[:6])
    milliseconds = int((match.group(7) or "0").ljust(3, "0"))
    return Date(((days_before(year, month, day) * 24 + hours) * 60 + minutes) * 60000 + seconds * 1000 + milliseconds)


def days_before(year, month, day):
    """Days since 1970-01-01 in the Gregorian calendar, for any year (H. Hinnant, days_from_civil)."""
    year -= month <= 2
    era = year // 400
    in_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + in_era * 365 + in_era // 4 - in_era // 100 + day_of_year - 719468


def plain(value):
    """The value for json.dumps: what JSON lacks becomes [kind, …]."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, BigInt):
        return ["bigint", str(int(value))]
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if value != value:
            return ["number", "NaN"]
        if math.isinf(value):
            return ["number", "Infinity" if value > 0 else "-Infinity"]
        return ["number", "-0"] if value == 0 and math.copysign(1, value) < 0 else value
    if isinstance(value, str):
        return value if re.search("[\ud800-\udfff]", value) is None else ["utf-16", [ord(c) for c in value]]
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Model):
        return {"type": value.type, "version": value.version, "fields": plain(value.fields)}
    if isinstance(value, TypedArray):
        is_big = value.name.startswith("Big")
        return [plain(BigInt(item) if is_big else item) for item in value.elements]
    if isinstance(value, Pairs):
        return ["map", [plain(entry) for entry in value.entries]]
    if isinstance(value, Members):
        return ["set", plain(value.members)]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, Date):
        return ["date", str(value.milliseconds)]
    return ["date", "invalid"] if value is INVALID_DATE else [value.name, ""]


if __name__ == "__main__":
    try:
        print(json.dumps(plain(load(sys.argv[1]))))
    except (FormatError, OSError) as error:
        sys.exit("%s: %s" % (sys.argv[1], error))
