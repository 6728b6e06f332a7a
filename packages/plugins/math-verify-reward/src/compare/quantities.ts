import { exact, fraction, integer, product } from '../answer/build.js';
import type { Expression, QuantityExpression } from '../answer/expression.js';
import { showExpression } from '../answer/show.js';
import { sameDimension, unitOf } from '../answer/units.js';
import { freeSymbols } from '../values/free-symbols.js';
import { compareRationals, multiply, ONE, type Rational } from '../values/rational.js';
import type { Budget } from '../budget.js';
import { different, type Comparison, type Decision } from './decision.js';
import { order } from './order.js';

/** Numbers with units: converted where both units are known; a unit that only one side gives is no difference. */
export function compareQuantities(
  gold: Expression,
  prediction: Expression,
  { compare }: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  const [goldProduct, predictionProduct] = [multipliedQuantity(gold), multipliedQuantity(prediction)];
  if (goldProduct !== undefined || predictionProduct !== undefined)
    return compare(goldProduct ?? gold, predictionProduct ?? prediction);
  if (gold.kind === 'quantity' && prediction.kind === 'quantity') {
    const [expected, found] = [unitOf(gold.unit), unitOf(prediction.unit)];
    // Plain nouns ("12 students") say what is counted; they are not compared.
    if (expected === undefined || found === undefined) return compare(gold.value, prediction.value);
    if (!sameDimension(expected.dimension, found.dimension))
      return different(`${unitText(gold)} and ${unitText(prediction)} measure different things`);
    const decision = compare(scaled(gold.value, expected.scale), scaled(prediction.value, found.scale));
    return decision.equal === false && compareRationals(expected.scale, found.scale) !== 0
      ? different(`${showExpression(gold)} is not ${showExpression(prediction)}`)
      : decision;
  }
  const [quantity, other] = gold.kind === 'quantity' ? [gold, prediction] : [prediction, gold];
  if (quantity.kind !== 'quantity') return undefined;
  const unit = unitOf(quantity.unit);
  // Degrees without more said may be of temperature.
  if (
    other.kind === 'degrees' &&
    unit !== undefined &&
    !ANGLES_AND_TEMPERATURES.some((base) => base in unit.dimension)
  )
    return different('degrees against another unit');
  return quantity === gold ? compare(quantity.value, other) : compare(other, quantity.value);
}

/** `5 cm \times 3 cm` as one quantity, its units multiplied. */
function multipliedQuantity(e: Expression): Expression | undefined {
  if (e.kind !== 'product' || !e.factors.some(({ kind }) => kind === 'quantity')) return undefined;
  const unit = e.factors.flatMap((factor) => (factor.kind === 'quantity' ? factor.unit : []));
  const values = e.factors.map((factor) => (factor.kind === 'quantity' ? factor.value : factor));
  return { kind: 'quantity', value: product(...values), unit };
}

/** Bases of dimensions that degrees may be of. */
const ANGLES_AND_TEMPERATURES = ['radian', 'celsius', 'fahrenheit'] as const;

function unitText(quantity: QuantityExpression): string {
  return showExpression({ ...quantity, value: integer(1) }).slice(2);
}

function scaled(value: Expression, scale: Rational): Expression {
  if (compareRationals(scale, ONE) === 0) return value;
  return value.kind === 'number'
    ? { ...value, value: multiply(value.value, scale) }
    : product(exact(scale), value);
}

/**
 * `50%` is 1/2. Where the gold has the sign and the prediction leaves it out, or the gold is above 1 and so cannot be
 * meant as a fraction of the whole, the sign counts as a unit that one side gives: `50` is `50%`.
 */
export function comparePercent(
  gold: Expression,
  prediction: Expression,
  { compare, budget }: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  if (gold.kind !== 'percent' && prediction.kind !== 'percent') return undefined;
  if (isMeasured(gold) || isMeasured(prediction)) return different('a percentage against something measured');
  if (gold.kind === 'percent' && prediction.kind === 'percent') return compare(gold.value, prediction.value);
  if (gold.kind === 'percent') {
    const decision = compare(hundredth(gold.value), prediction);
    return decision.equal === true ? decision : compare(gold.value, prediction);
  }
  if (prediction.kind !== 'percent') return undefined;
  const decision = compare(gold, hundredth(prediction.value));
  if (decision.equal === true || !isAboveOne(gold, budget)) return decision;
  return compare(gold, prediction.value);
}

/** A percent sign cannot be left out beside another unit: 12% is not 12 m. */
function isMeasured(e: Expression): boolean {
  return e.kind === 'degrees' || (e.kind === 'quantity' && unitOf(e.unit) !== undefined);
}

function hundredth(value: Expression): Expression {
  return scaled(value, { n: 1n, d: 100n });
}

/** Of a value with variables it is not known: it counts as above 1. */
function isAboveOne(e: Expression, budget: Budget): boolean {
  const value = e.kind === 'quantity' ? e.value : e;
  if (freeSymbols(value).size > 0) return true;
  const [above, below] = [order(value, integer(1), budget), order(value, integer(-1), budget)];
  return above === undefined || below === undefined || above > 0 || below < 0;
}

/** `60°` is π/3, and a bare 60 leaves the sign out. */
export function compareDegrees(
  gold: Expression,
  prediction: Expression,
  { compare }: Comparison,
): Decision | undefined {
  if (gold.kind !== 'degrees' && prediction.kind !== 'degrees') return undefined;
  if (gold.kind === 'degrees' && prediction.kind === 'degrees') return compare(gold.value, prediction.value);
  const omitted =
    gold.kind === 'degrees'
      ? compare(gold.value, prediction)
      : compare(gold, (prediction as typeof gold & { value: Expression }).value);
  if (omitted.equal === true) return omitted;
  return compare(inRadians(gold), inRadians(prediction));
}

function inRadians(e: Expression): Expression {
  return e.kind === 'degrees' ? product(fraction(1, 180), e.value, { kind: 'constant', name: 'pi' }) : e;
}
