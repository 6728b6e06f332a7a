/** Thrown and caught within `canonical`: the form grows too large to be worth it. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}
