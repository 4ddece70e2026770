#include "layout.h"

void Layout::arrange(const Buffer &buffer, const Buffer &wanted) {
  const double *given = reinterpret_cast<const double *>(wanted.data);
  size_t origin = buffer.length > maxCount ? maxCount : 0;
  size_t size = wanted.length;
  all_ = buffer;
  base = buffer.data + origin * buffer.elementSize;
  counts.resize(size);
  displacements.resize(size);
  lengths_.resize(size);
  starts_.resize(size);
  size_t start = 0;
  hasLarge = false;
  for (size_t rank = 0; rank < size; rank++) {
    size_t length = static_cast<size_t>(given[rank]);
    lengths_[rank] = length;
    starts_[rank] = start;
    counts[rank] = isLarge(length) ? 0 : static_cast<int>(length);
    hasLarge = hasLarge || isLarge(length);
    displacements[rank] = static_cast<int>(static_cast<long long>(start) - static_cast<long long>(origin));
    start += length;
  }
}

Buffer Layout::block(int rank) const {
  size_t index = static_cast<size_t>(rank);
  return {all_.data + starts_[index] * all_.elementSize, lengths_[index], all_.elementSize, all_.type};
}
