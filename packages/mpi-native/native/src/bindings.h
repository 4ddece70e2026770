// The functions that JavaScript sees. Each finds its numbers in the frame and its buffers among its arguments; the
// signatures are those of NativeMpi in native.ts.
#pragma once
#include <node_api.h>

#define DML_BINDINGS(X)                                                                                               \
  X(init, Init)                                                                                                       \
  X(configure, Configure)                                                                                             \
  X(close, Close)                                                                                                     \
  X(abort, Abort)                                                                                                     \
  X(active, Active)                                                                                                   \
  X(claimReport, ClaimReport)                                                                                         \
  X(wtime, Wtime)                                                                                                     \
  X(split, Split)                                                                                                     \
  X(splitHost, SplitHost)                                                                                             \
  X(dup, Dup)                                                                                                         \
  X(free, Free)                                                                                                       \
  X(barrier, Barrier)                                                                                                 \
  X(bcast, Bcast)                                                                                                     \
  X(allreduce, Allreduce)                                                                                             \
  X(reduce, Reduce)                                                                                                   \
  X(scan, Scan)                                                                                                       \
  X(exscan, Exscan)                                                                                                   \
  X(reduceScatter, ReduceScatter)                                                                                     \
  X(exchange, Exchange)                                                                                               \
  X(gather, Gather)                                                                                                   \
  X(gatherv, Gatherv)                                                                                                 \
  X(scatter, Scatter)                                                                                                 \
  X(scatterv, Scatterv)                                                                                               \
  X(allgather, Allgather)                                                                                             \
  X(allgatherv, Allgatherv)                                                                                           \
  X(alltoall, Alltoall)                                                                                               \
  X(alltoallv, Alltoallv)                                                                                             \
  X(send, Send)                                                                                                       \
  X(recv, Recv)                                                                                                       \
  X(sendrecv, Sendrecv)                                                                                               \
  X(probe, Probe)                                                                                                     \
  X(iprobe, Iprobe)                                                                                                   \
  X(isend, Isend)                                                                                                     \
  X(irecv, Irecv)                                                                                                     \
  X(iallreduce, Iallreduce)                                                                                           \
  X(test, Test)                                                                                                       \
  X(wait, Wait)

#define DML_DECLARE(name, function) napi_value function(napi_env env, napi_callback_info info);
DML_BINDINGS(DML_DECLARE)
#undef DML_DECLARE
