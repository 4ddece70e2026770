import { getWorld } from '@dml/mpi-native';

const world = getWorld();
const sums = world.allreduce(Float64Array.of(1, 2, 3), 'sum');
console.log(JSON.stringify({ rank: world.rank, size: world.size, sums: Array.from(sums) }));
