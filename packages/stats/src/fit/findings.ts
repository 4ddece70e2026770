import type { Finding, Report } from '../contract.js';

/** A report that puts everything below it into `findings`. */
export function reportInto(findings: Finding[], path = ''): Report {
  return {
    add: (kind, message, facts) => findings.push({ kind, path, message, ...facts }),
    at: (field, index) => {
      const step = index === undefined ? field : typeof index === 'number' ? `${field}[${index}]` : `${field}.${index}`;
      return reportInto(findings, path === '' ? step : `${path}.${step}`);
    },
  };
}

/** Whether a fit may win a comparison by its likelihood: no part of it is dead, or at a boundary with an unbounded likelihood. */
export function isSound(findings: readonly Finding[]): boolean {
  return findings.every(({ kind, isBounded }) => kind === 'unconverged' || isBounded === true);
}
