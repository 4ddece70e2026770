/** Where the findings of a lookback hidden Markov model stand. */
import type { Report } from '../../contract.js';

/** Findings of a step's parts stand at the fields of the model that hold them. */
export function byParts(report: Report): Report {
  return {
    add: (kind, message, facts) => report.add(kind, message, facts),
    at(field, index) {
      const place = report.at(field, index);
      if (field !== 'emissions') return place;
      return {
        add: (kind, message, facts) => place.add(kind, message, facts),
        at: (part) => (part === 'firsts' ? report.at('initialEmissions', index) : place),
      };
    },
  };
}
