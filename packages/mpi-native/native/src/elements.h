// Memory as MPI sees it: a count and a datatype.
#pragma once
#include <mpi.h>

#include <algorithm>
#include <cstddef>

#include "types.h"

// A typed array's memory. `length` counts elements.
struct Buffer {
  char *data = nullptr;
  size_t length = 0;
  size_t elementSize = 1;
  MPI_Datatype type = MPI_DATATYPE_NULL;
};

// Most elements in one count, which is an int in MPI 3. DML_MPI_MAX_COUNT lowers it.
extern size_t maxCount;
// Whether so many elements are too many for a count.
bool isLarge(size_t length);

// Any number of elements as one count and datatype: from the limit on they become one element of a datatype of its own.
class Span {
 public:
  Span(size_t length, const Buffer &buf) : count(static_cast<int>(length)), type(buf.type) {
    if (isLarge(length)) makeType(length, buf.elementSize);
  }
  explicit Span(const Buffer &buf) : Span(buf.length, buf) {}
  ~Span() {
    if (isOwn_) MPI_Type_free(&type);
  }
  Span(const Span &) = delete;
  Span &operator=(const Span &) = delete;

  int count;
  MPI_Datatype type;

 private:
  void makeType(size_t length, size_t elementSize);
  bool isOwn_ = false;
};

// What a reduction works on: numbers, or pairs of a number and its location. `length` counts these.
struct Operand {
  MPI_Datatype type;
  MPI_Op op;
  size_t size;
  size_t length;
};

constexpr int FIRST_LOCATION = 9;  // minloc and maxloc follow the predefined operations
Operand locationOperandOf(const Buffer &buf, int kind, int op);

// `kind` numbers the array's type, `op` is an index into REDUCE_OPS of transport.ts.
inline Operand operandOf(const Buffer &buf, int kind, int op) {
  if (op >= FIRST_LOCATION) return locationOperandOf(buf, kind, op);
  return {buf.type, operationOf(op), buf.elementSize, buf.length};
}

// Before MPI_Finalize: MPICH warns of datatypes that are left.
void freeOperations();

// Predefined operations work on predefined datatypes alone, so a long reduction is made in pieces.
template <typename Body>
int inPieces(const Operand &operand, size_t most, Body body) {
  size_t start = 0;
  do {
    size_t count = std::min(operand.length - start, most);
    int rc = body(start * operand.size, static_cast<int>(count));
    if (rc != MPI_SUCCESS) return rc;
    start += count;
  } while (start < operand.length);
  return MPI_SUCCESS;
}
