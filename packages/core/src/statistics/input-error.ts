import { DoppioError } from '../errors/doppio-error.js';

/** What the statistics throw on numbers that they cannot use. */
export function badInput(what: string, where: string, seen: unknown): DoppioError {
  return new DoppioError('STATISTICS_INPUT', {
    what: `${what}.`,
    where,
    seen: String(seen),
    fix: 'Give one number per problem, from finished evaluations of the same problems.',
  });
}
