#include "elements.h"

#include <cmath>
#include <cstdint>
#include <type_traits>

size_t maxCount = 1;

bool isLarge(size_t length) { return length > maxCount; }

void Span::makeType(size_t length, size_t elementSize) {
  MPI_Datatype base = type;
  MPI_Datatype piece = MPI_DATATYPE_NULL;
  MPI_Datatype pieces = MPI_DATATYPE_NULL;
  size_t whole = length / maxCount;
  size_t rest = length % maxCount;
  // int MPI_Type_contiguous(int count, MPI_Datatype oldtype, MPI_Datatype *newtype)
  MPI_Type_contiguous(static_cast<int>(maxCount), base, &piece);
  MPI_Type_contiguous(static_cast<int>(whole), piece, &pieces);
  int lengths[2] = {1, static_cast<int>(rest)};
  MPI_Aint starts[2] = {0, static_cast<MPI_Aint>(whole * maxCount * elementSize)};
  MPI_Datatype types[2] = {pieces, base};
  // int MPI_Type_create_struct(int count, const int array_of_blocklengths[], const MPI_Aint array_of_displacements[],
  //                            const MPI_Datatype array_of_types[], MPI_Datatype *newtype)
  MPI_Type_create_struct(rest == 0 ? 1 : 2, lengths, starts, types, &type);
  MPI_Type_commit(&type);
  MPI_Type_free(&pieces);
  MPI_Type_free(&piece);
  count = 1;
  isOwn_ = true;
}

namespace {

constexpr int KINDS = 10;  // as many as in arrays.ts

// Whether the first pair is the one to keep. Every NaN wins, as in `min` and `max` of JavaScript; among equal values the
// lower location does.
template <typename T, bool MIN>
bool wins(const T *a, const T *b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a[0]) != std::isnan(b[0])) return std::isnan(a[0]);
    if (std::isnan(a[0])) return a[1] < b[1];
  }
  if (a[0] == b[0]) return a[1] < b[1];
  return MIN ? a[0] < b[0] : a[0] > b[0];
}

template <typename T, bool MIN>
void locate(void *in, void *inout, int *length, MPI_Datatype *) {
  const T *theirs = static_cast<const T *>(in);
  T *kept = static_cast<T *>(inout);
  for (int i = 0; i < 2 * *length; i += 2) {
    if (!wins<T, MIN>(theirs + i, kept + i)) continue;
    kept[i] = theirs[i];
    kept[i + 1] = theirs[i + 1];
  }
}

template <bool MIN>
MPI_User_function *locateOf(int kind) {
  MPI_User_function *const functions[KINDS] = {
      locate<double, MIN>,  locate<float, MIN>,    locate<int8_t, MIN>,   locate<uint8_t, MIN>, locate<int16_t, MIN>,
      locate<uint16_t, MIN>, locate<int32_t, MIN>, locate<uint32_t, MIN>, locate<int64_t, MIN>, locate<uint64_t, MIN>,
  };
  return functions[kind];
}

// What the program has used, made at its first use.
struct Locations {
  MPI_Datatype pair;
  MPI_Op operations[2];
  bool isMade = false;
};
Locations locations[KINDS];

}  // namespace

Operand locationOperandOf(const Buffer &buf, int kind, int op) {
  Locations &made = locations[kind];
  if (!made.isMade) {
    MPI_Type_contiguous(2, buf.type, &made.pair);
    MPI_Type_commit(&made.pair);
    // int MPI_Op_create(MPI_User_function *user_fn, int commute, MPI_Op *op)
    MPI_Op_create(locateOf<true>(kind), 1, &made.operations[0]);
    MPI_Op_create(locateOf<false>(kind), 1, &made.operations[1]);
    made.isMade = true;
  }
  return {made.pair, made.operations[op - FIRST_LOCATION], 2 * buf.elementSize, buf.length / 2};
}

void freeOperations() {
  for (Locations &made : locations) {
    if (!made.isMade) continue;
    MPI_Type_free(&made.pair);
    for (MPI_Op &operation : made.operations) MPI_Op_free(&operation);
    made.isMade = false;
  }
}
