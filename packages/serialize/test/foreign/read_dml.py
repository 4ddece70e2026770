"""Reads a model file by FORMAT.md alone, with the standard library of Python 3, and prints it as JSON.

Only what a person needs to compare: models become {"type", "version", "fields"}, typed arrays lists, and values that
JSON lacks become [kind, text].
"""
import json
import struct
import sys

MAGIC = bytes.fromhex("89444d4c0d0a1a0a")
TYPED = {64: "B", 68: "B", 69: "H", 70: "I", 71: "Q", 72: "b", 77: "h", 78: "i", 79: "q", 85: "f", 86: "d"}
MASK = 0xFFFFFFFF


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


class Reader:
    def __init__(self, data):
        self.data, self.at, self.shared = data, 0, []

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def head(self):
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if major == 7:
            return major, first
        if info < 24:
            return major, info
        return major, int.from_bytes(self.take(1 << (info - 24)), "big")

    def item(self):
        major, n = self.head()
        if major == 0:
            return n
        if major == 1:
            return -1 - n
        if major == 2:
            return ["bytes", self.take(n).hex()]
        if major == 3:
            return self.take(n).decode("utf-8")
        if major == 4:
            return [self.item() for _ in range(n)]
        if major == 5:
            return dict((self.item(), self.item()) for _ in range(n))
        if major == 6:
            return self.tagged(n)
        if n == 0xFB:
            return number(struct.unpack(">d", self.take(8))[0])
        return {0xF4: False, 0xF5: True, 0xF6: None, 0xF7: ["undefined", ""]}[n]

    def tagged(self, tag):
        if tag == 27:
            name, version, fields = self.item()
            return {"type": name, "version": version, "fields": fields}
        if tag == 28:
            place = len(self.shared)
            self.shared.append(None)
            self.shared[place] = self.item()
            return self.shared[place]
        if tag == 29:
            return self.shared[self.item()]
        if tag == 31:
            self.item()
            return ["hole", ""]
        if tag in (2, 3):
            magnitude = int.from_bytes(self.take(self.head()[1]), "big")
            return ["bigint", str(magnitude if tag == 2 else -1 - magnitude)]
        if tag == 258:
            return ["set", self.item()]
        if tag == 259:
            return ["map", [[self.item(), self.item()] for _ in range(self.head()[1])]]
        if tag == 273:
            return ["utf-16", [ord(c) for c in self.take(self.head()[1]).decode("utf-8", "surrogatepass")]]
        if tag == 1001:
            parts = self.item()
            return ["date", str(parts[1] * 1000 + parts[-3]) if -3 in parts else "invalid"]
        code, raw = TYPED[tag], self.take(self.head()[1])
        return [number(x) for x in struct.unpack("<%d%s" % (len(raw) // struct.calcsize(code), code), raw)]


def number(x):
    if x != x or x in (float("inf"), float("-inf")):
        return ["number", {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(x)]]
    return ["number", "-0"] if x == 0 and str(x) == "-0.0" else x


def read(data):
    if data[:8] != MAGIC:
        raise ValueError("not a model file")
    version, reserved, checksum, length = struct.unpack_from(">HHIQ", data, 8)
    payload = data[24:]
    if (version, reserved, len(payload), xxh32(payload)) != (1, 0, length, checksum):
        raise ValueError("damaged, or of another version")
    reader = Reader(payload)
    return reader.item()[1]


print(json.dumps(read(open(sys.argv[1], "rb").read())))
