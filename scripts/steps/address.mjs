/** Where the repository can be read by everyone, in the fields that npm shows and that it compares with a provenance. */
import { answerOf } from './command.mjs';

/**
 * The public address, such as `https://github.com/someone/dml`: that of the workflow which runs, else that of the git remote
 * `origin`. `null` where there is neither: an address that is guessed could belong to somebody else.
 */
export function publicAddress(env = process.env, remote = answerOf('git', ['remote', 'get-url', 'origin'])) {
  if (env.GITHUB_SERVER_URL && env.GITHUB_REPOSITORY) return `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}`;
  const [, host, path] = /^(?:git\+)?(?:https?|ssh|git):\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(remote ?? '') ??
    /^(?:[^@/]+@)?([\w.-]+\.\w+):(.+)$/.exec(remote ?? '') ?? [null, null, null];
  return host === null ? null : `https://${host}/${path.replace(/(\.git)?\/?$/, '')}`;
}

/** The manifest of the package in `folder` with the address of the repository, of its page and of its issues. */
export function withAddress(manifest, address, folder) {
  return {
    ...manifest,
    repository: { type: 'git', url: `git+${address}.git`, directory: folder },
    homepage: `${address}/tree/HEAD/${folder}#readme`,
    bugs: { url: `${address}/issues` },
  };
}
