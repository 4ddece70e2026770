// The one place that knows what MPI implementations do differently: handles and error numbers are looked up by name at
// compile time, so no number of one family ever reaches JavaScript.
#pragma once
#include <mpi.h>
#include <node_api.h>

#if defined(OPEN_MPI)
#define DML_FAMILY "openmpi"
#else
#define DML_FAMILY "mpich"
#endif

// Whether a rank that waits for another one offers its core to the others.
#if defined(OPEN_MPI)
constexpr bool YIELDS_BY_ITSELF = true;
#else
constexpr bool YIELDS_BY_ITSELF = false;
#endif

// MPICH 4.0.2 reads the address MPI_IN_PLACE in MPI_Reduce when the root is not the first rank of its host.
#if defined(OPEN_MPI)
constexpr bool REDUCE_IN_PLACE_WORKS = true;
#else
constexpr bool REDUCE_IN_PLACE_WORKS = false;
#endif

// An array's type, in the order of ARRAY_NAMES in arrays.ts. MPI_DATATYPE_NULL for an array that cannot travel.
struct ElementType {
  MPI_Datatype datatype;
  size_t size;
};

inline ElementType elementTypeOf(int kind) {
  switch (kind) {
    case 0: return {MPI_DOUBLE, 8};
    case 1: return {MPI_FLOAT, 4};
    case 2: return {MPI_INT8_T, 1};
    case 3: return {MPI_UINT8_T, 1};
    case 4: return {MPI_INT16_T, 2};
    case 5: return {MPI_UINT16_T, 2};
    case 6: return {MPI_INT32_T, 4};
    case 7: return {MPI_UINT32_T, 4};
    case 8: return {MPI_INT64_T, 8};
    case 9: return {MPI_UINT64_T, 8};
    default: return {MPI_DATATYPE_NULL, 1};
  }
}

// In the order of REDUCE_OPS in transport.ts, whose last two are in elements.cc.
inline MPI_Op operationOf(int index) {
  switch (index) {
    case 0: return MPI_SUM;
    case 1: return MPI_PROD;
    case 2: return MPI_MIN;
    case 3: return MPI_MAX;
    case 4: return MPI_LAND;
    case 5: return MPI_LOR;
    case 6: return MPI_BAND;
    case 7: return MPI_BOR;
    case 8: return MPI_BXOR;
    default: return MPI_OP_NULL;
  }
}

// Only the thread of getWorld() calls MPI, so FUNNELED is the level to ask for. From there up Open MPI takes its locks for
// real, which costs 50 of the 390 ns of a short message. Other threads enter the library only when they free memory that
// a network card knows. On one host there is no network, so SINGLE is enough.
inline int threadLevel(bool isOneHost) {
#if defined(OPEN_MPI)
  if (isOneHost) return MPI_THREAD_SINGLE;
#endif
  return MPI_THREAD_FUNNELED;
}

inline const char *errorName(int errorClass) {
  switch (errorClass) {
    case MPI_ERR_BUFFER: return "ERR_BUFFER";
    case MPI_ERR_COUNT: return "ERR_COUNT";
    case MPI_ERR_TYPE: return "ERR_TYPE";
    case MPI_ERR_TAG: return "ERR_TAG";
    case MPI_ERR_COMM: return "ERR_COMM";
    case MPI_ERR_RANK: return "ERR_RANK";
    case MPI_ERR_REQUEST: return "ERR_REQUEST";
    case MPI_ERR_ROOT: return "ERR_ROOT";
    case MPI_ERR_GROUP: return "ERR_GROUP";
    case MPI_ERR_OP: return "ERR_OP";
    case MPI_ERR_ARG: return "ERR_ARG";
    case MPI_ERR_TRUNCATE: return "ERR_TRUNCATE";
    case MPI_ERR_IN_STATUS: return "ERR_IN_STATUS";
    case MPI_ERR_PENDING: return "ERR_PENDING";
    case MPI_ERR_NO_MEM: return "ERR_NO_MEM";
    case MPI_ERR_INTERN: return "ERR_INTERN";
    case MPI_ERR_OTHER: return "ERR_OTHER";
    default: return "ERR_UNKNOWN";
  }
}
