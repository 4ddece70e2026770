// Collectives over one buffer. MPI 3 counts are int, so longer buffers travel in pieces of session.maxCount elements.
#include "collective.h"

#include <algorithm>

#include "check.h"
#include "presence.h"

// barrier(handle)
napi_value Barrier(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  readArguments(env, info, argv);
  if (!ready(env, "MPI_Barrier")) return nullptr;
  Group *group = readGroup(env, "MPI_Barrier", argv[0]);
  if (group == nullptr) return nullptr;
  CallScope scope(Call::Barrier, group->ofAll);
  // int MPI_Barrier(MPI_Comm comm)
  failed(env, "MPI_Barrier", MPI_Barrier(group->data));
  return nullptr;
}

// bcast(handle, buf, root)
napi_value Bcast(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  readArguments(env, info, argv);
  Buffer buf;
  if (!ready(env, "MPI_Bcast")) return nullptr;
  Group *group = readGroup(env, "MPI_Bcast", argv[0]);
  if (group == nullptr || !readBuffer(env, "MPI_Bcast", argv[1], &buf)) return nullptr;
  int root = readInt(env, argv[2]);
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

// allreduce(handle, buf, op), in place
napi_value Allreduce(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  readArguments(env, info, argv);
  Buffer buf;
  if (!ready(env, "MPI_Allreduce")) return nullptr;
  Group *group = readGroup(env, "MPI_Allreduce", argv[0]);
  if (group == nullptr || !readBuffer(env, "MPI_Allreduce", argv[1], &buf)) return nullptr;
  MPI_Op op = operationOf(readInt(env, argv[2]));
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

// reduce(handle, buf, op, root), in place on root
napi_value Reduce(napi_env env, napi_callback_info info) {
  napi_value argv[4];
  readArguments(env, info, argv);
  Buffer buf;
  if (!ready(env, "MPI_Reduce")) return nullptr;
  Group *group = readGroup(env, "MPI_Reduce", argv[0]);
  if (group == nullptr || !readBuffer(env, "MPI_Reduce", argv[1], &buf)) return nullptr;
  MPI_Op op = operationOf(readInt(env, argv[2]));
  int root = readInt(env, argv[3]);
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

// exchange(handle, send, recv): an allgather on the private communicator
napi_value Exchange(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  if (!ready(env, "MPI_Allgather")) return nullptr;
  Group *group = readGroup(env, "MPI_Allgather", argv[0]);
  if (group == nullptr || !readBuffer(env, "MPI_Allgather", argv[1], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Allgather", argv[2], &recv)) return nullptr;
  int count = static_cast<int>(send.length);
  CallScope scope(Call::Allgather, group->ofAll);
  // int MPI_Allgather(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
  //                   MPI_Datatype recvtype, MPI_Comm comm)
  failed(env, "MPI_Allgather", MPI_Allgather(send.data, count, send.type, recv.data, count, recv.type, group->internal));
  return nullptr;
}
