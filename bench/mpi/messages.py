# The same loops as messages.c with mpi4py, and a model of about 100 numbers as an object.
import json
import sys

import numpy as np
from mpi4py import MPI

BATCHES = 100
world = MPI.COMM_WORLD
rank, size = world.Get_rank(), world.Get_size()
result = {}


def measure(name, repeats, trips, run):
    best = float("inf")
    for _ in range(BATCHES):
        world.Barrier()
        start = MPI.Wtime()
        for _ in range(repeats):
            run()
        world.Barrier()
        best = min(best, (MPI.Wtime() - start) / repeats / trips)
    result[name] = best * 1e6


def ping_pong(buffer):
    def first():
        world.Send(buffer, 1)
        world.Recv(buffer, 1, 0)

    def second():
        world.Recv(buffer, 0, 0)
        world.Send(buffer, 0)

    return (first, second)[rank] if rank < 2 else lambda: None


def gatherv(buffer):
    target = None
    if rank == 0:
        target = [np.zeros(len(buffer) * size), [len(buffer)] * size]
    return lambda: world.Gatherv(buffer, target)


operations = {
    "pingPong": ping_pong,
    "bcast": lambda buffer: lambda: world.Bcast(buffer),
    "allreduce": lambda buffer: lambda: world.Allreduce(MPI.IN_PLACE, buffer, MPI.MAX),
    "gatherv": gatherv,
}
sizes = [int(text) for text in sys.argv[1:]]
for name, prepare in operations.items():
    for length, repeats in zip(sizes[::2], sizes[1::2]):
        measure(f"{name} {length}", repeats, 2 if name == "pingPong" else 1, prepare(np.zeros(length // 8)))


def component(k):
    return {"w": 0.1 * k, "mu": [k + 0.5, -k - 0.25, k / 3], "sigma2": [1.5, 2.5 + k, 1 / (k + 1)], "lambda": k}


model = {"type": "Mixture", "components": [component(k) for k in range(12)]}
measure("objectBcast model", 100, 1, lambda: world.bcast(model if rank == 0 else None))
if rank == 0:
    print(json.dumps(result))
