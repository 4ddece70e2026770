"""pandas.factorize of the strings in a file, once for each line read. Started by run.mjs.

"fresh" builds new string objects first, so that no hash is remembered from an earlier round.
"""
import json
import sys
import time

import numpy
import pandas

text = open(sys.argv[1]).read()


def column():
    return numpy.array(text.split("\n"), dtype=object)


values = column()
print("{}", flush=True)
for line in sys.stdin:
    if line.strip() == "fresh":
        values = column()
    before = time.process_time_ns()
    codes, levels = pandas.factorize(values)
    spent = time.process_time_ns() - before
    print(json.dumps({"nanoseconds": spent, "levels": len(levels), "last": int(codes[-1])}), flush=True)
