// Finds the compiler wrapper of an MPI family and asks it for the include folders.
// `node mpiConfig.mjs openmpi` prints the folders, `node mpiConfig.mjs openmpi --found` prints yes or no.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

// Each wrapper rejects the other family's flag, so asking also identifies.
const FLAG = { openmpi: '--showme:compile', mpich: '-compile_info' };
const USUAL_FOLDERS = {
  openmpi: ['/usr/lib64/openmpi/bin', '/opt/homebrew/opt/open-mpi/bin', '/usr/local/opt/open-mpi/bin'],
  mpich: ['/usr/lib64/mpich/bin', '/opt/homebrew/opt/mpich/bin', '/usr/local/opt/mpich/bin'],
};

/** @returns {{ wrapper: string, includes: string[], flags: string } | null} */
export function findMpi(family) {
  const usual = [`mpicc.${family}`, 'mpicc', ...USUAL_FOLDERS[family].map((folder) => `${folder}/mpicc`)];
  const candidates = process.env.MPICC ? [process.env.MPICC] : usual;
  for (const wrapper of candidates) {
    const { status, stdout } = spawnSync(wrapper, [FLAG[family]], { encoding: 'utf8' });
    if (status !== 0) continue;
    const flags = stdout.trim();
    const includes = flags.split(/\s+/).filter((word) => word.startsWith('-I'));
    return { wrapper, includes: includes.map((word) => word.slice(2)), flags };
  }
  return null;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [family, mode] = process.argv.slice(2);
  const found = findMpi(family);
  console.log(mode === '--found' ? (found ? 'yes' : 'no') : (found?.includes ?? []).join('\n'));
}
