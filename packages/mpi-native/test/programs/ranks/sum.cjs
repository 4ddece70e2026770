module.exports = ({ comm, data }) => comm.allreduce(Float64Array.of(data * (comm.rank + 1)))[0];
module.exports.named = ({ comm }) => comm.size;
