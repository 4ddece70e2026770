// Collectives over one buffer. MPI 3 counts are int, so longer buffers travel in pieces of session.maxCount elements.
#include "collective.h"

#include <algorithm>

#include "check.h"
#include "presence.h"

// barrier()
napi_value Barrier(napi_env env, napi_callback_info) {
  Group *group = readGroup(env, "MPI_Barrier");
  if (group == nullptr) return nullptr;
  CallScope scope(Call::Barrier, group->ofAll);
  // int MPI_Barrier(MPI_Comm comm)
  failed(env, "MPI_Barrier", MPI_Barrier(group->data));
  return nullptr;
}

// bcast(buf) with kind, rank: the root
napi_value Bcast(napi_env env, napi_callback_info info) {
  Buffer buf;
  Group *group = readGroup(env, "MPI_Bcast");
  if (group == nullptr || !readBuffer(env, info, "MPI_Bcast", &buf)) return nullptr;
  int root = toInt(frame->rank);
  size_t start = 0;
  do {
    int count = static_cast<int>(std::min(buf.length - start, session.maxCount));
    CallScope scope(Call::Bcast, group->ofAll);
    // int MPI_Bcast(void *buffer, int count, MPI_Datatype datatype, int root, MPI_Comm comm)
    int rc = MPI_Bcast(buf.data + start * buf.elementSize, count, buf.type, root, group->data);
    if (failed(env, "MPI_Bcast", rc)) return nullptr;
    start += static_cast<size_t>(count);
  } while (start < buf.length);
  return nullptr;
}

// allreduce(buf) with kind, op; in place
napi_value Allreduce(napi_env env, napi_callback_info info) {
  Buffer buf;
  Group *group = readGroup(env, "MPI_Allreduce");
  if (group == nullptr || !readBuffer(env, info, "MPI_Allreduce", &buf)) return nullptr;
  MPI_Op op = operationOf(toInt(frame->op));
  size_t start = 0;
  do {
    int count = static_cast<int>(std::min(buf.length - start, session.maxCount));
    CallScope scope(Call::Allreduce, group->ofAll);
    // int MPI_Allreduce(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
    int rc = MPI_Allreduce(MPI_IN_PLACE, buf.data + start * buf.elementSize, count, buf.type, op, group->data);
    if (failed(env, "MPI_Allreduce", rc)) return nullptr;
    start += static_cast<size_t>(count);
  } while (start < buf.length);
  return nullptr;
}

// reduce(buf) with kind, op, rank: the root; in place on the root
napi_value Reduce(napi_env env, napi_callback_info info) {
  Buffer buf;
  Group *group = readGroup(env, "MPI_Reduce");
  if (group == nullptr || !readBuffer(env, info, "MPI_Reduce", &buf)) return nullptr;
  MPI_Op op = operationOf(toInt(frame->op));
  int root = toInt(frame->rank);
  size_t start = 0;
  do {
    int count = static_cast<int>(std::min(buf.length - start, session.maxCount));
    char *data = buf.data + start * buf.elementSize;
    bool isRoot = group->rank == root;
    const void *send = data;
    if (isRoot && REDUCE_IN_PLACE_WORKS) {
      send = MPI_IN_PLACE;
    } else if (isRoot) {
      session.scratch.assign(data, data + static_cast<size_t>(count) * buf.elementSize);
      send = session.scratch.data();
    }
    CallScope scope(Call::Reduce, group->ofAll);
    // int MPI_Reduce(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, int root,
    //                MPI_Comm comm)
    int rc = MPI_Reduce(send, isRoot ? data : nullptr, count, buf.type, op, root, group->data);
    if (failed(env, "MPI_Reduce", rc)) return nullptr;
    start += static_cast<size_t>(count);
  } while (start < buf.length);
  return nullptr;
}

// exchange(send, recv) with kind: an allgather on the private communicator
napi_value Exchange(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Allgather");
  if (group == nullptr || !readBuffer(env, "MPI_Allgather", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Allgather", argv[1], &recv)) return nullptr;
  int count = static_cast<int>(send.length);
  CallScope scope(Call::Allgather, group->ofAll);
  // int MPI_Allgather(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
  //                   MPI_Datatype recvtype, MPI_Comm comm)
  failed(env, "MPI_Allgather", MPI_Allgather(send.data, count, send.type, recv.data, count, recv.type, group->internal));
  return nullptr;
}
