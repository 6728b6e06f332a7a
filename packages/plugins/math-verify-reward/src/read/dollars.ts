/**
 * Whether the dollar signs of an answer mean money or delimit formulas: `$5 and $7` is money, `$5$ and $7$` is not.
 * A dollar sign that closes a formula is not followed by a digit; one that opens nothing and stands before a number
 * (or, alone, after one) is money.
 */
export function currencyDollars(text: string): boolean {
  let at = text.indexOf('$');
  if (at < 0) return false;
  let count = 0;
  let beforeDigit = 0;
  let closersBeforeDigit = 0;
  let afterDigit = false;
  for (; at >= 0; at = text.indexOf('$', at + 1)) {
    if (text.charCodeAt(at - 1) === 92) continue;
    if (text.charCodeAt(at + 1) === 36) {
      // A display formula; its closing pair comes with the next turn.
      at++;
      continue;
    }
    count++;
    let next = at + 1;
    while (text.charCodeAt(next) === 32) next++;
    const digit =
      isDigit(text.charCodeAt(next)) || (text.charCodeAt(next) === 46 && isDigit(text.charCodeAt(next + 1)));
    if (digit) beforeDigit++;
    if (digit && count % 2 === 0) closersBeforeDigit++;
    afterDigit =
      isDigit(text.charCodeAt(at - 1)) ||
      (text.charCodeAt(at - 1) === 32 && isDigit(text.charCodeAt(at - 2)));
  }
  if (count % 2 === 0) return count > 0 && closersBeforeDigit === count / 2;
  return beforeDigit === count || (count === 1 && afterDigit);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
