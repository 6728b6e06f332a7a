/** Words between two boxes, and what they say about them. Lower case; what is in no set is an ordinary word. */

/** Between neighbours of one list. */
export const CONJUNCTIONS: ReadonlySet<string> = new Set('and or also both either then y et und'.split(' '));

/** One of several offers: what they stand between is a listing, in however many sentences. */
export const HEDGES: ReadonlySet<string> = new Set(
  (
    'alternatively another could else may maybe might or other otherwise perhaps possible ' +
    'possibility possibly probably second'
  ).split(' '),
);

/** Say nothing by themselves beside a hedge, a conjunction or a label. */
export const FILLERS: ReadonlySet<string> = new Set(
  'a an as be case if is it not option part root solution text the value well with'.split(' '),
);

/** Take back what was boxed before. */
export const RETRACTIONS: ReadonlySet<string> = new Set(
  (
    'actually but correction hmm incorrect instead mistake no nope oops rather recheck reconsider ' +
    'sorry wait wrong'
  ).split(' '),
);

/** Derive what comes from what was boxed before. */
export const CONSEQUENCES: ReadonlySet<string> = new Set(
  'consequently gives giving hence implies means simplifies so therefore thus which yielding yields'.split(
    ' ',
  ),
);

/** Give the box before once more, rounded. */
export const APPROXIMATIONS: ReadonlySet<string> = new Set([
  'about',
  'approximately',
  'approx',
  'roughly',
  'nearly',
]);

/** Announce an answer afresh. */
export const ANNOUNCERS: ReadonlySet<string> = new Set([
  'answer',
  'answers',
  'final',
  'result',
  'conclusion',
]);
