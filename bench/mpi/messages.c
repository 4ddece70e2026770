// The yardstick: the same loops as messages.mjs, in C. Prints one JSON line on rank 0.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 100 };

static int rank, size;
static double *buffer, *all;
static int counts[1024], displacements[1024];

static void pingPong(int n) {
  if (rank == 0) {
    MPI_Send(buffer, n, MPI_DOUBLE, 1, 0, MPI_COMM_WORLD);
    MPI_Recv(buffer, n, MPI_DOUBLE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  } else if (rank == 1) {
    MPI_Recv(buffer, n, MPI_DOUBLE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Send(buffer, n, MPI_DOUBLE, 0, 0, MPI_COMM_WORLD);
  }
}
static void bcast(int n) { MPI_Bcast(buffer, n, MPI_DOUBLE, 0, MPI_COMM_WORLD); }
static void allreduce(int n) { MPI_Allreduce(MPI_IN_PLACE, buffer, n, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD); }
static void gatherv(int n) {
  MPI_Gatherv(buffer, n, MPI_DOUBLE, all, counts, displacements, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const char *names[] = {"pingPong", "bcast", "allreduce", "gatherv"};
  void (*operations[])(int) = {pingPong, bcast, allreduce, gatherv};
  printf(rank == 0 ? "{" : "");
  for (int o = 0; o < 4; o++) {
    for (int a = 1; a + 1 < argc; a += 2) {
      int n = atoi(argv[a]) / 8, repeats = atoi(argv[a + 1]);
      buffer = calloc((size_t)n, 8);
      all = calloc((size_t)n * (size_t)size, 8);
      for (int r = 0; r < size; r++) counts[r] = n, displacements[r] = r * n;
      double best = 1e300;
      for (int batch = 0; batch < BATCHES; batch++) {
        MPI_Barrier(MPI_COMM_WORLD);
        double start = MPI_Wtime();
        for (int i = 0; i < repeats; i++) operations[o](n);
        MPI_Barrier(MPI_COMM_WORLD);
        double each = (MPI_Wtime() - start) / repeats / (o == 0 ? 2 : 1);
        if (each < best) best = each;
      }
      if (rank == 0) printf("%s\"%s %s\":%.9g", o + a > 1 ? "," : "", names[o], argv[a], best * 1e6);
      free(buffer);
      free(all);
    }
  }
  if (rank == 0) printf("}\n");
  MPI_Finalize();
}
