/** Two hosts on one machine: network namespaces with addresses of their own, joined by a virtual cable. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NETWORK = '10.213.7';
const AGENT = join(dirname(fileURLToPath(import.meta.url)), 'programs', 'hostAgent.sh');

type Family = 'openmpi' | 'mpich';

/** Two hosts that exist until they are removed. */
export interface Hosts {
  readonly addresses: readonly [string, string];
  /** Runs a command on the first host. */
  readonly inside: readonly string[];
  /** Ranks that a job of each family has here. */
  readonly ranks: Readonly<Record<Family, number>>;
  /** Options of the launchers: ranks on the hosts in turn, all messages of Open MPI over TCP. */
  readonly launcherArgs: Readonly<Record<Family, readonly string[]>>;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

function ip(command: string) {
  return spawnSync('ip', command.split(' '), { encoding: 'utf8' });
}

/**
 * Makes the hosts, or says why this machine does not allow it.
 * @param isTcpOnly  whether MPICH may use TCP alone. Else it finds that both hosts are one machine, and shares memory.
 */
export function makeHosts(isTcpOnly: boolean): Hosts | string {
  const prefix = `dml${process.pid}-`;
  const [first, second] = [`${prefix}1`, `${prefix}2`];
  const remove = (): void => {
    for (const name of [first, second]) spawnSync('ip', ['netns', 'del', name]);
  };
  const steps = [
    `netns add ${first}`,
    `netns add ${second}`,
    `-n ${first} link add cable type veth peer name cable netns ${second}`,
    ...[first, second].flatMap((name, i) => [
      `-n ${name} addr add ${NETWORK}.${i + 1}/24 dev cable`,
      `-n ${name} link set lo up`,
      `-n ${name} link set cable up`,
    ]),
  ];
  for (const step of steps) {
    const { status, stderr, error } = ip(step);
    if (status === 0) continue;
    remove();
    return `"ip ${step}" failed: ${error?.message ?? stderr.trim()}`;
  }
  // The kernel tells of the carrier a moment after the cable is plugged in; until then the address is not usable.
  const deadline = Date.now() + 5000;
  const isUp = (name: string) => ip(`-n ${name} -o link show cable`).stdout.includes('state UP');
  while (![first, second].every(isUp)) {
    if (Date.now() < deadline) continue;
    remove();
    return 'the virtual cable between the hosts did not come up within 5 s';
  }
  const network = `${NETWORK}.0/24`;
  const settings = {
    plm: 'rsh',
    plm_rsh_agent: AGENT,
    pml: 'ob1',
    btl: 'tcp,self',
    btl_tcp_if_include: network,
    oob_tcp_if_include: network,
  };
  const addresses = [`${NETWORK}.1`, `${NETWORK}.2`] as const;
  return {
    addresses: [...addresses],
    inside: ['ip', 'netns', 'exec', first, 'unshare', '--uts', 'sh', '-c', `hostname ${first} && exec "$0" "$@"`],
    ranks: { openmpi: 4, mpich: 2 },
    launcherArgs: {
      openmpi: [
        ...['--map-by', 'node', '--bind-to', 'none', '--host', addresses.map((address) => `${address}:2`).join(',')],
        ...Object.entries(settings).flatMap(([name, value]) => ['--mca', name, value]),
        ...['NO_COLOR', 'DML_TEST_JOB'].flatMap((name) => ['-x', name]),
      ],
      mpich: [
        '-launcher',
        'ssh',
        '-launcher-exec',
        AGENT,
        '-hosts',
        addresses.join(','),
        '-ppn',
        '1',
        '-iface',
        'cable',
      ],
    },
    env: { DML_TEST_HOSTS: prefix, UCX_NET_DEVICES: 'cable', ...(isTcpOnly ? { UCX_TLS: 'tcp,self' } : {}) },
    remove,
  };
}
