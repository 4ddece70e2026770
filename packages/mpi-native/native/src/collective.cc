// Collectives over one buffer.
#include "bindings.h"
#include "check.h"
#include "patience.h"
#include "types.h"

namespace {

Operand operandOf(const Buffer &buf) { return operandOf(buf, toInt(frame->kind), toInt(frame->op)); }

// A reduction in place of which every rank gets a result.
template <auto BLOCKING, auto STARTING>
int reduceInPlace(const Group &group, const Buffer &buf) {
  Operand operand = operandOf(buf);
  return inPieces(operand, maxCount, [&](size_t start, int count) {
    return complete<BLOCKING, STARTING>(MPI_IN_PLACE, buf.data + start, count, operand.type, operand.op, group.data);
  });
}

// Reduces `send` into `recv` of the root. They may be the same memory.
int reduceTo(int root, const Group &group, const char *send, char *recv, const Operand &operand) {
  bool isRoot = group.rank == root;
  return inPieces(operand, maxCount, [&](size_t start, int count) {
    const void *from = send + start;
    if (isRoot && send == recv && REDUCE_IN_PLACE_WORKS) {
      from = MPI_IN_PLACE;
    } else if (isRoot && send == recv) {
      session.scratch.assign(send + start, send + start + static_cast<size_t>(count) * operand.size);
      from = session.scratch.data();
    }
    // int MPI_Reduce(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, int root,
    //                MPI_Comm comm)
    return complete<MPI_Reduce, MPI_Ireduce>(from, isRoot ? recv + start : nullptr, count, operand.type, operand.op, root,
                                            group.data);
  });
}

}  // namespace

// barrier()
napi_value Barrier(napi_env env, napi_callback_info) {
  Group *group = readGroup(env, "MPI_Barrier");
  if (group == nullptr) return nullptr;
  CallScope scope(Call::Barrier, group->ofAll);
  // int MPI_Barrier(MPI_Comm comm)
  failed(env, "MPI_Barrier", complete<MPI_Barrier, MPI_Ibarrier>(group->data));
  return nullptr;
}

// bcast(buf) with kind, rank: the root
napi_value Bcast(napi_env env, napi_callback_info info) {
  return collectiveOfKnown(env, info, Call::Bcast, [](const Group &group, const Buffer &buf) {
    Span span(buf);
    // int MPI_Bcast(void *buffer, int count, MPI_Datatype datatype, int root, MPI_Comm comm)
    return complete<MPI_Bcast, MPI_Ibcast>(buf.data, span.count, span.type, toInt(frame->rank), group.data);
  });
}

// allreduce(buf) with kind, op; in place
napi_value Allreduce(napi_env env, napi_callback_info info) {
  return collectiveOfKnown(env, info, Call::Allreduce, [](const Group &group, const Buffer &buf) {
    // int MPI_Allreduce(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
    return reduceInPlace<MPI_Allreduce, MPI_Iallreduce>(group, buf);
  });
}

// scan(buf) with kind, op; in place
napi_value Scan(napi_env env, napi_callback_info info) {
  return collective<1>(env, info, Call::Scan, [](const Group &group, const Buffer (&buffers)[1]) {
    // int MPI_Scan(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
    return reduceInPlace<MPI_Scan, MPI_Iscan>(group, buffers[0]);
  });
}

// exscan(buf) with kind, op; in place, except on the first rank, whose buffer stays as it is
napi_value Exscan(napi_env env, napi_callback_info info) {
  return collective<1>(env, info, Call::Exscan, [](const Group &group, const Buffer (&buffers)[1]) {
    // int MPI_Exscan(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
    return reduceInPlace<MPI_Exscan, MPI_Iexscan>(group, buffers[0]);
  });
}

// reduce(buf) with kind, op, rank: the root; in place on the root
napi_value Reduce(napi_env env, napi_callback_info info) {
  return collectiveOfKnown(env, info, Call::Reduce, [](const Group &group, const Buffer &buf) {
    return reduceTo(toInt(frame->rank), group, buf.data, buf.data, operandOf(buf));
  });
}

// reduceScatter(send, recv, counts) with kind, op
napi_value ReduceScatter(napi_env env, napi_callback_info info) {
  return collective<3>(env, info, Call::ReduceScatter, [](Group &group, const Buffer (&buffers)[3]) {
    const auto &[send, recv, counts] = buffers;
    Layout &layout = group.sending;
    layout.arrange(send, counts);
    Operand operand = operandOf(send);
    if (isLarge(send.length)) {
      for (int root = 0; root < group.size; root++) {
        Buffer block = layout.block(root);
        int rc = reduceTo(root, group, block.data, recv.data, operandOf(block));
        if (rc != MPI_SUCCESS) return rc;
      }
      return MPI_SUCCESS;
    }
    int unit = static_cast<int>(operand.size / send.elementSize);
    for (int &count : layout.counts) count /= unit;
    // int MPI_Reduce_scatter(const void *sendbuf, void *recvbuf, const int recvcounts[], MPI_Datatype datatype, MPI_Op op,
    //                        MPI_Comm comm)
    return complete<MPI_Reduce_scatter, MPI_Ireduce_scatter>(send.data, recv.data, layout.counts.data(), operand.type, operand.op, group.data);
  });
}

// exchange(send, recv) with kind: an allgather on the private communicator
napi_value Exchange(napi_env env, napi_callback_info info) {
  return collective<2>(env, info, Call::Allgather, [](const Group &group, const Buffer (&buffers)[2]) {
    const auto &[send, recv] = buffers;
    int count = static_cast<int>(send.length);
    return complete<MPI_Allgather, MPI_Iallgather>(send.data, count, send.type, recv.data, count, recv.type, group.internal);
  });
}
