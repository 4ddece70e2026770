import { runContract } from '../contract/all.mjs';

export default ({ comm }) => runContract(comm);
