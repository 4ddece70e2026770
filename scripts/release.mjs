/**
 * `npm run release`: publishes the packages whose version is not in the registry yet, each with the public address of the
 * repository in its manifest. Run by the release workflow. The sources name no address, so that a fork publishes its own.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, setUp } from './setup.mjs';
import { publicAddress, withAddress } from './steps/address.mjs';
import { repository, run, say } from './steps/command.mjs';

async function release() {
  const address = publicAddress();
  if (address === null) {
    throw new Error(
      'The packages cannot be published: the repository has no public address. npm refuses a provenance without one. ' +
        'Run this in a GitHub workflow, or name it: git remote add origin https://…',
    );
  }
  const { env } = await setUp({ tools: [], packages: [] });
  const manifests = readdirSync(join(repository, 'packages')).map((name) => {
    const file = join(repository, 'packages', name, 'package.json');
    return { file, folder: `packages/${name}`, text: readFileSync(file, 'utf8') };
  });
  say(`Publishing the packages of ${address}.`);
  try {
    for (const { file, folder, text } of manifests) {
      writeFileSync(file, `${JSON.stringify(withAddress(JSON.parse(text), address, folder), null, 2)}\n`);
    }
    const { code } = await run('release', 'changeset', ['publish'], { env, show: true });
    process.exitCode = code;
  } finally {
    for (const { file, text } of manifests) writeFileSync(file, text);
  }
}

await release().catch(fail);
