// Collectives that move one block per rank. The calls with equal blocks take blocks of any length. In the others a block
// that is too long for a count travels between its two ranks on the private communicator: both know its length.
#include <cstring>

#include "bindings.h"
#include "check.h"
#include "patience.h"

namespace {

constexpr int BLOCK_TAG = 1;

// `blockFor(rank)` and `blockFrom(rank)`: what this rank has for another one and where it wants that one's block. Both
// are empty where nothing travels.
template <typename BlockFor, typename BlockFrom>
int moveLarge(const Group &group, bool hasLarge, BlockFor blockFor, BlockFrom blockFrom) {
  if (!hasLarge) return MPI_SUCCESS;
  std::vector<MPI_Request> pending;
  for (int rank = 0; rank < group.size; rank++) {
    Buffer from = blockFrom(rank);
    Buffer to = blockFor(rank);
    if (rank == group.rank) {
      if (isLarge(from.length) && from.data != to.data) std::memmove(from.data, to.data, from.length * from.elementSize);
      continue;
    }
    int rc = MPI_SUCCESS;
    if (isLarge(from.length)) {
      Span span(from);
      pending.push_back(MPI_REQUEST_NULL);
      // int MPI_Irecv(void *buf, int count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm, MPI_Request *request)
      rc = MPI_Irecv(from.data, span.count, span.type, rank, BLOCK_TAG, group.internal, &pending.back());
    }
    if (rc == MPI_SUCCESS && isLarge(to.length)) {
      Span span(to);
      pending.push_back(MPI_REQUEST_NULL);
      // int MPI_Isend(const void *buf, int count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
      //               MPI_Request *request)
      rc = MPI_Isend(to.data, span.count, span.type, rank, BLOCK_TAG, group.internal, &pending.back());
    }
    if (rc != MPI_SUCCESS) return rc;
  }
  if (pending.empty()) return MPI_SUCCESS;
  return waitAll(static_cast<int>(pending.size()), pending.data());
}

// The count of a block in a call with counts: 0 for one that travels on its own.
int countOf(const Buffer &block) { return isLarge(block.length) ? 0 : static_cast<int>(block.length); }

// What the rank `holder` passes as its own block, one of equal length in `all`: it may already be in place.
void *ownOrInPlace(const Group &group, int holder, const Buffer &own, const Buffer &all) {
  bool isThere = group.rank == holder && own.data == all.data + holder * own.length * own.elementSize;
  return isThere ? MPI_IN_PLACE : own.data;
}

// The blocks of a call whose root, the one in the frame, has a block of each rank. The other ranks have their own.
struct RootBlocks {
  RootBlocks(const Group &group, Layout *blocks, const Buffer &all, const Buffer &counts)
      : layout(blocks), root(toInt(frame->rank)), isRoot(group.rank == root) {
    if (isRoot) layout->arrange(all, counts);
  }

  void *base() const { return isRoot ? layout->base : nullptr; }
  Buffer block(int rank) const { return isRoot ? layout->block(rank) : Buffer{}; }
  bool hasLarge(const Buffer &mine) const { return isRoot ? layout->hasLarge : isLarge(mine.length); }
  // What travels between this rank and another one that is the root.
  Buffer own(int rank, const Buffer &mine) const { return rank == root ? mine : Buffer{}; }
  void *ownOrInPlace(const Buffer &mine) const {
    return isRoot && layout->holds(root, mine) ? MPI_IN_PLACE : mine.data;
  }

  Layout *layout;
  int root;
  bool isRoot;
};

}  // namespace

// gather(send, recv | null) with kind, rank: the root
napi_value Gather(napi_env env, napi_callback_info info) {
  return collective<2>(env, info, Call::Gather, [](const Group &group, const Buffer (&buffers)[2]) {
    const auto &[send, recv] = buffers;
    int root = toInt(frame->rank);
    Span span(send);
    // int MPI_Gather(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
    //                MPI_Datatype recvtype, int root, MPI_Comm comm)
    return complete<MPI_Gather, MPI_Igather>(ownOrInPlace(group, root, send, recv), span.count, span.type, recv.data, span.count, span.type, root,
                      group.data);
  });
}

// scatter(send | null, recv) with kind, rank: the root
napi_value Scatter(napi_env env, napi_callback_info info) {
  return collective<2>(env, info, Call::Scatter, [](const Group &group, const Buffer (&buffers)[2]) {
    const auto &[send, recv] = buffers;
    int root = toInt(frame->rank);
    Span span(recv);
    // int MPI_Scatter(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
    //                 MPI_Datatype recvtype, int root, MPI_Comm comm)
    return complete<MPI_Scatter, MPI_Iscatter>(send.data, span.count, span.type, ownOrInPlace(group, root, recv, send), span.count, span.type,
                       root, group.data);
  });
}

// allgather(send, recv) with kind
napi_value Allgather(napi_env env, napi_callback_info info) {
  return collective<2>(env, info, Call::Allgather, [](const Group &group, const Buffer (&buffers)[2]) {
    const auto &[send, recv] = buffers;
    Span span(send);
    // int MPI_Allgather(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
    //                   MPI_Datatype recvtype, MPI_Comm comm)
    return complete<MPI_Allgather, MPI_Iallgather>(ownOrInPlace(group, group.rank, send, recv), span.count, span.type, recv.data, span.count,
                         span.type, group.data);
  });
}

// alltoall(send, recv) with kind
napi_value Alltoall(napi_env env, napi_callback_info info) {
  return collective<2>(env, info, Call::Alltoall, [](const Group &group, const Buffer (&buffers)[2]) {
    const auto &[send, recv] = buffers;
    Span span(send.length / static_cast<size_t>(group.size), send);
    // int MPI_Alltoall(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
    //                  MPI_Datatype recvtype, MPI_Comm comm)
    return complete<MPI_Alltoall, MPI_Ialltoall>(send.data, span.count, span.type, recv.data, span.count, span.type, group.data);
  });
}

// gatherv(send, recv | null, counts | null) with kind, rank: the root
napi_value Gatherv(napi_env env, napi_callback_info info) {
  return collective<3>(env, info, Call::Gatherv, [](Group &group, const Buffer (&buffers)[3]) {
    const auto &[send, recv, counts] = buffers;
    RootBlocks to(group, &group.receiving, recv, counts);
    // int MPI_Gatherv(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, const int recvcounts[],
    //                 const int displs[], MPI_Datatype recvtype, int root, MPI_Comm comm)
    int rc = complete<MPI_Gatherv, MPI_Igatherv>(to.ownOrInPlace(send), countOf(send), send.type, to.base(), to.layout->counts.data(),
                         to.layout->displacements.data(), send.type, to.root, group.data);
    if (rc != MPI_SUCCESS) return rc;
    return moveLarge(
        group, to.hasLarge(send), [&](int rank) { return to.own(rank, send); }, [&](int rank) { return to.block(rank); });
  });
}

// scatterv(send | null, counts | null, recv) with kind, rank: the root
napi_value Scatterv(napi_env env, napi_callback_info info) {
  return collective<3>(env, info, Call::Scatterv, [](Group &group, const Buffer (&buffers)[3]) {
    RootBlocks from(group, &group.sending, buffers[0], buffers[1]);
    const Buffer &recv = buffers[2];
    // int MPI_Scatterv(const void *sendbuf, const int sendcounts[], const int displs[], MPI_Datatype sendtype,
    //                  void *recvbuf, int recvcount, MPI_Datatype recvtype, int root, MPI_Comm comm)
    int rc = complete<MPI_Scatterv, MPI_Iscatterv>(from.base(), from.layout->counts.data(), from.layout->displacements.data(), recv.type,
                          from.ownOrInPlace(recv), countOf(recv), recv.type, from.root, group.data);
    if (rc != MPI_SUCCESS) return rc;
    return moveLarge(
        group, from.hasLarge(recv), [&](int rank) { return from.block(rank); },
        [&](int rank) { return from.own(rank, recv); });
  });
}

// allgatherv(send, recv, counts) with kind
napi_value Allgatherv(napi_env env, napi_callback_info info) {
  return collective<3>(env, info, Call::Allgatherv, [](Group &group, const Buffer (&buffers)[3]) {
    const auto &[send, recv, counts] = buffers;
    Layout &to = group.receiving;
    to.arrange(recv, counts);
    // int MPI_Allgatherv(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf,
    //                    const int recvcounts[], const int displs[], MPI_Datatype recvtype, MPI_Comm comm)
    int rc = complete<MPI_Allgatherv, MPI_Iallgatherv>(to.holds(group.rank, send) ? MPI_IN_PLACE : send.data, countOf(send), send.type, to.base,
                            to.counts.data(), to.displacements.data(), send.type, group.data);
    if (rc != MPI_SUCCESS) return rc;
    return moveLarge(
        group, to.hasLarge, [&](int) { return send; }, [&](int rank) { return to.block(rank); });
  });
}

// alltoallv(send, sendCounts, recv, recvCounts) with kind
napi_value Alltoallv(napi_env env, napi_callback_info info) {
  return collective<4>(env, info, Call::Alltoallv, [](Group &group, const Buffer (&buffers)[4]) {
    const auto &[send, sendCounts, recv, recvCounts] = buffers;
    Layout &from = group.sending;
    Layout &to = group.receiving;
    from.arrange(send, sendCounts);
    to.arrange(recv, recvCounts);
    // int MPI_Alltoallv(const void *sendbuf, const int sendcounts[], const int sdispls[], MPI_Datatype sendtype,
    //                   void *recvbuf, const int recvcounts[], const int rdispls[], MPI_Datatype recvtype, MPI_Comm comm)
    int rc = complete<MPI_Alltoallv, MPI_Ialltoallv>(from.base, from.counts.data(), from.displacements.data(), send.type, to.base,
                           to.counts.data(), to.displacements.data(), send.type, group.data);
    if (rc != MPI_SUCCESS) return rc;
    return moveLarge(
        group, from.hasLarge || to.hasLarge, [&](int rank) { return from.block(rank); },
        [&](int rank) { return to.block(rank); });
  });
}
