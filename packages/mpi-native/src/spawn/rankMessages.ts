/** What a rank and the program that started it tell each other. */
import { type CarriedError, carryError } from '../failures/carriedError.js';

/** To a rank: come to an end. */
export const STOP = 'stop';

/** From a rank. */
export type RankMessage =
  | { readonly kind: 'progress'; readonly value: unknown }
  /** This rank and all others are at the end. `value`: what the function of rank 0 returned. */
  | { readonly kind: 'done'; readonly value: unknown }
  | RankFailure;

/** Why a rank ends the job. */
export interface RankFailure {
  readonly kind: 'failed';
  readonly reason: string;
  /** The error, where one was thrown. */
  readonly thrown: CarriedError | null;
}

/** The message of a rank that fails. */
export function failureMessage(reason: string, thrown?: { readonly error: unknown }): RankFailure {
  return { kind: 'failed', reason, thrown: thrown === undefined ? null : carryError(thrown.error) };
}
