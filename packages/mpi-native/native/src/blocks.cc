// Collectives that move one block per rank. A block of session.maxCount elements or more does not fit one collective
// call: both of its ends know its length, so it travels between them on the private communicator instead.
#include "blocks.h"

#include <cstring>
#include <string>

#include "check.h"
#include "pointToPoint.h"
#include "presence.h"

namespace {

constexpr int BLOCK_TAG = 1;
constexpr int FLOAT64 = 0;  // in arrays.ts

bool isLarge(size_t length) { return length >= session.maxCount; }

Buffer blockOf(const Buffer &buf, size_t start, size_t length) {
  return {buf.data + start * buf.elementSize, length, buf.elementSize, buf.type};
}

// Fills the group's counts and displacements from a Float64Array. Displacements are int, so beyond maxCount they are
// taken relative to a point inside the buffer: that doubles what an int can reach. `*base` is that point.
bool layOut(napi_env env, const char *call, Group *group, napi_value countsValue, const Buffer &all, char **base) {
  Buffer counts;
  if (!readBuffer(env, call, countsValue, &counts, FLOAT64)) return false;
  if (counts.length != group->counts.size()) {
    throwError(env, "ERR_COUNT", call, 0, "expected one count per rank");
    return false;
  }
  const double *lengths = reinterpret_cast<const double *>(counts.data);
  size_t origin = all.length > session.maxCount ? session.maxCount : 0;
  *base = all.data + origin * all.elementSize;
  size_t start = 0;
  group->hasLargeBlock = false;
  for (size_t rank = 0; rank < counts.length; rank++) {
    size_t length = static_cast<size_t>(lengths[rank]);
    group->lengths[rank] = length;
    long long displacement = static_cast<long long>(start) - static_cast<long long>(origin);
    if (displacement > INT32_MAX) {
      std::string text = "the block of rank " + std::to_string(rank) + " starts at element " + std::to_string(start) +
                         ", beyond what one call can address. Use several calls.";
      throwError(env, "ERR_COUNT", call, 0, text.c_str());
      return false;
    }
    group->displacements[rank] = static_cast<int>(displacement);
    if (isLarge(length)) group->hasLargeBlock = true;
    group->counts[rank] = isLarge(length) ? 0 : static_cast<int>(length);
    start += length;
  }
  return true;
}

// Moves one large block from `source` to `dest`; called by these two ranks only, or by one rank for itself.
int moveBlock(const Group &group, const Buffer &send, int source, const Buffer &recv, int dest) {
  if (source == dest) {
    if (send.data != recv.data) std::memmove(recv.data, send.data, send.length * send.elementSize);
    return MPI_SUCCESS;
  }
  Channel channel{group, group.internal, BLOCK_TAG};
  if (group.rank == source) return sendPieces(send, dest, channel);
  MPI_Status status;
  size_t received = 0;
  return recvPieces(recv, source, channel, &status, &received);
}

}  // namespace

// gather(send, recv | null) with kind, rank: the root
napi_value Gather(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Gather");
  if (group == nullptr || !readBuffer(env, "MPI_Gather", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Gather", argv[1], &recv)) return nullptr;
  int root = toInt(frame->rank);
  bool isRoot = group->rank == root;
  size_t length = send.length;
  if (isLarge(length)) {
    for (int source = 0; source < group->size; source++) {
      if (!isRoot && source != group->rank) continue;
      Buffer block = isRoot ? blockOf(recv, static_cast<size_t>(source) * length, length) : Buffer{};
      if (failed(env, "MPI_Gather", moveBlock(*group, send, source, block, root))) return nullptr;
    }
    return nullptr;
  }
  bool inPlace = isRoot && send.data == recv.data + static_cast<size_t>(root) * length * recv.elementSize;
  int count = static_cast<int>(length);
  CallScope scope(Call::Gather, group->ofAll);
  // int MPI_Gather(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
  //                MPI_Datatype recvtype, int root, MPI_Comm comm)
  int rc = MPI_Gather(inPlace ? MPI_IN_PLACE : send.data, count, send.type, recv.data, count, send.type, root,
                      group->data);
  failed(env, "MPI_Gather", rc);
  return nullptr;
}

// gatherv(send, recv | null, counts | null) with kind, rank: the root
napi_value Gatherv(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Gatherv");
  if (group == nullptr || !readBuffer(env, "MPI_Gatherv", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Gatherv", argv[1], &recv)) return nullptr;
  int root = toInt(frame->rank);
  bool isRoot = group->rank == root;
  char *base = nullptr;
  if (isRoot && !layOut(env, "MPI_Gatherv", group, argv[2], recv, &base)) return nullptr;
  {
    bool inPlace = isRoot && send.length > 0 &&
                   send.data == base + group->displacements[static_cast<size_t>(root)] *
                                           static_cast<ptrdiff_t>(recv.elementSize);
    int count = isLarge(send.length) ? 0 : static_cast<int>(send.length);
    CallScope scope(Call::Gatherv, group->ofAll);
    // int MPI_Gatherv(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, const int recvcounts[],
    //                 const int displs[], MPI_Datatype recvtype, int root, MPI_Comm comm)
    int rc = MPI_Gatherv(inPlace ? MPI_IN_PLACE : send.data, count, send.type, base, group->counts.data(),
                         group->displacements.data(), send.type, root, group->data);
    if (failed(env, "MPI_Gatherv", rc)) return nullptr;
  }
  if (isRoot ? !group->hasLargeBlock : !isLarge(send.length)) return nullptr;
  size_t start = 0;
  for (int source = 0; source < group->size; source++) {
    size_t length = isRoot ? group->lengths[static_cast<size_t>(source)] : send.length;
    if (isLarge(length) && (isRoot || source == group->rank)) {
      Buffer block = isRoot ? blockOf(recv, start, length) : Buffer{};
      if (failed(env, "MPI_Gatherv", moveBlock(*group, send, source, block, root))) return nullptr;
    }
    start += length;
  }
  return nullptr;
}

// scatter(send | null, recv) with kind, rank: the root
napi_value Scatter(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Scatter");
  if (group == nullptr || !readBuffer(env, "MPI_Scatter", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Scatter", argv[1], &recv)) return nullptr;
  int root = toInt(frame->rank);
  bool isRoot = group->rank == root;
  size_t length = recv.length;
  if (isLarge(length)) {
    for (int dest = 0; dest < group->size; dest++) {
      if (!isRoot && dest != group->rank) continue;
      Buffer block = isRoot ? blockOf(send, static_cast<size_t>(dest) * length, length) : Buffer{};
      if (failed(env, "MPI_Scatter", moveBlock(*group, block, root, recv, dest))) return nullptr;
    }
    return nullptr;
  }
  bool inPlace = isRoot && recv.data == send.data + static_cast<size_t>(root) * length * send.elementSize;
  int count = static_cast<int>(length);
  CallScope scope(Call::Scatter, group->ofAll);
  // int MPI_Scatter(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
  //                 MPI_Datatype recvtype, int root, MPI_Comm comm)
  int rc = MPI_Scatter(send.data, count, recv.type, inPlace ? MPI_IN_PLACE : recv.data, count, recv.type, root,
                       group->data);
  failed(env, "MPI_Scatter", rc);
  return nullptr;
}

// scatterv(send | null, counts | null, recv) with kind, rank: the root
napi_value Scatterv(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Scatterv");
  if (group == nullptr || !readBuffer(env, "MPI_Scatterv", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Scatterv", argv[2], &recv)) return nullptr;
  int root = toInt(frame->rank);
  bool isRoot = group->rank == root;
  char *base = nullptr;
  if (isRoot && !layOut(env, "MPI_Scatterv", group, argv[1], send, &base)) return nullptr;
  {
    bool inPlace = isRoot && recv.length > 0 &&
                   recv.data == base + group->displacements[static_cast<size_t>(root)] *
                                           static_cast<ptrdiff_t>(send.elementSize);
    int count = isLarge(recv.length) ? 0 : static_cast<int>(recv.length);
    CallScope scope(Call::Scatterv, group->ofAll);
    // int MPI_Scatterv(const void *sendbuf, const int sendcounts[], const int displs[], MPI_Datatype sendtype,
    //                  void *recvbuf, int recvcount, MPI_Datatype recvtype, int root, MPI_Comm comm)
    int rc = MPI_Scatterv(base, group->counts.data(), group->displacements.data(), recv.type,
                          inPlace ? MPI_IN_PLACE : recv.data, count, recv.type, root, group->data);
    if (failed(env, "MPI_Scatterv", rc)) return nullptr;
  }
  if (isRoot ? !group->hasLargeBlock : !isLarge(recv.length)) return nullptr;
  size_t start = 0;
  for (int dest = 0; dest < group->size; dest++) {
    size_t length = isRoot ? group->lengths[static_cast<size_t>(dest)] : recv.length;
    if (isLarge(length) && (isRoot || dest == group->rank)) {
      Buffer block = isRoot ? blockOf(send, start, length) : Buffer{};
      if (failed(env, "MPI_Scatterv", moveBlock(*group, block, root, recv, dest))) return nullptr;
    }
    start += length;
  }
  return nullptr;
}

// allgather(send, recv) with kind
napi_value Allgather(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Allgather");
  if (group == nullptr || !readBuffer(env, "MPI_Allgather", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Allgather", argv[1], &recv)) return nullptr;
  size_t length = send.length;
  if (isLarge(length)) {
    for (int source = 0; source < group->size; source++) {
      for (int dest = 0; dest < group->size; dest++) {
        if (source != group->rank && dest != group->rank) continue;
        Buffer block = blockOf(recv, static_cast<size_t>(source) * length, length);
        if (failed(env, "MPI_Allgather", moveBlock(*group, send, source, block, dest))) return nullptr;
      }
    }
    return nullptr;
  }
  bool inPlace = send.data == recv.data + static_cast<size_t>(group->rank) * length * recv.elementSize;
  int count = static_cast<int>(length);
  CallScope scope(Call::Allgather, group->ofAll);
  // int MPI_Allgather(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
  //                   MPI_Datatype recvtype, MPI_Comm comm)
  int rc = MPI_Allgather(inPlace ? MPI_IN_PLACE : send.data, count, send.type, recv.data, count, recv.type, group->data);
  failed(env, "MPI_Allgather", rc);
  return nullptr;
}

// allgatherv(send, recv, counts) with kind
napi_value Allgatherv(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Allgatherv");
  if (group == nullptr || !readBuffer(env, "MPI_Allgatherv", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Allgatherv", argv[1], &recv)) return nullptr;
  char *base = nullptr;
  if (!layOut(env, "MPI_Allgatherv", group, argv[2], recv, &base)) return nullptr;
  {
    int own = group->displacements[static_cast<size_t>(group->rank)];
    bool inPlace = send.length > 0 && send.data == base + own * static_cast<ptrdiff_t>(recv.elementSize);
    int count = isLarge(send.length) ? 0 : static_cast<int>(send.length);
    CallScope scope(Call::Allgatherv, group->ofAll);
    // int MPI_Allgatherv(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf,
    //                    const int recvcounts[], const int displs[], MPI_Datatype recvtype, MPI_Comm comm)
    int rc = MPI_Allgatherv(inPlace ? MPI_IN_PLACE : send.data, count, send.type, base, group->counts.data(),
                            group->displacements.data(), recv.type, group->data);
    if (failed(env, "MPI_Allgatherv", rc)) return nullptr;
  }
  if (!group->hasLargeBlock) return nullptr;
  size_t start = 0;
  for (int source = 0; source < group->size; source++) {
    size_t length = group->lengths[static_cast<size_t>(source)];
    for (int dest = 0; isLarge(length) && dest < group->size; dest++) {
      if (source != group->rank && dest != group->rank) continue;
      if (failed(env, "MPI_Allgatherv", moveBlock(*group, send, source, blockOf(recv, start, length), dest))) {
        return nullptr;
      }
    }
    start += length;
  }
  return nullptr;
}
