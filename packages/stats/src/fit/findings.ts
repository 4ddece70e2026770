import type { Finding, Report } from '../contract.js';

/** A report that puts everything below it into `findings`. */
export function reportInto(findings: Finding[], path = ''): Report {
  return {
    add: (kind, message) => findings.push({ kind, path, message }),
    at: (field, index) => {
      const step = index === undefined ? field : typeof index === 'number' ? `${field}[${index}]` : `${field}.${index}`;
      return reportInto(findings, path === '' ? step : `${path}.${step}`);
    },
  };
}
