import { rational, type Rational } from '../values/rational.js';
import type { Unit } from './units.js';

/** Base quantity or derived one: its powers of the base quantities. */
const DIMENSIONS = {
  length: { length: 1 },
  area: { length: 2 },
  volume: { length: 3 },
  mass: { mass: 1 },
  time: { time: 1 },
  speed: { length: 1, time: -1 },
  frequency: { time: -1 },
  force: { mass: 1, length: 1, time: -2 },
  pressure: { mass: 1, length: -1, time: -2 },
  energy: { mass: 1, length: 2, time: -2 },
  power: { mass: 1, length: 2, time: -3 },
  current: { current: 1 },
  charge: { current: 1, time: 1 },
  voltage: { mass: 1, length: 2, time: -3, current: -1 },
  resistance: { mass: 1, length: 2, time: -3, current: -2 },
  conductance: { mass: -1, length: -2, time: 3, current: 2 },
  capacitance: { mass: -1, length: -2, time: 4, current: 2 },
  inductance: { mass: 1, length: 2, time: -2, current: -2 },
  flux: { mass: 1, length: 2, time: -2, current: -1 },
  field: { mass: 1, time: -2, current: -1 },
  temperature: { temperature: 1 },
  celsius: { celsius: 1 },
  fahrenheit: { fahrenheit: 1 },
  amount: { amount: 1 },
  concentration: { amount: 1, length: -3 },
  intensity: { intensity: 1 },
  angle: { angle: 1 },
  radian: { radian: 1 },
  solid: { solid: 1 },
  data: { data: 1 },
  usd: { usd: 1 },
  eur: { eur: 1 },
  gbp: { gbp: 1 },
  jpy: { jpy: 1 },
  inr: { inr: 1 },
  cny: { cny: 1 },
  krw: { krw: 1 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

/** Dimension, size as a decimal or fraction of the base (SI, degrees, bits, main unit of a currency), names. */
type Row = readonly [keyof typeof DIMENSIONS, string, string];

/** Units that take no prefix. */
const PLAIN_ROWS: readonly Row[] = [
  ['length', '0.0254', 'in inch inches'],
  ['length', '0.3048', 'ft foot feet'],
  ['length', '0.9144', 'yd yds yard yards'],
  ['length', '1609.344', 'mi mile miles'],
  ['length', '1852', 'nmi'],
  ['length', '0.0000000001', 'Å angstrom angstroms'],
  ['length', '0.000001', 'micron microns'],
  ['length', '149597870700', 'AU'],
  ['length', '9460730472580800', 'ly lightyear lightyears'],
  ['area', '10000', 'ha hectare hectares'],
  ['area', '4046.8564224', 'acre acres'],
  ['volume', '0.003785411784', 'gal gallon gallons'],
  ['volume', '0.000946352946', 'qt quart quarts'],
  ['volume', '0.000473176473', 'pint pints'],
  ['volume', '0.0002365882365', 'cup cups'],
  ['volume', '0.00001478676478125', 'tbsp tablespoon tablespoons'],
  ['volume', '0.00000492892159375', 'tsp teaspoon teaspoons'],
  ['volume', '0.000001', 'cc'],
  ['mass', '0.45359237', 'lb lbs pound pounds'],
  ['mass', '0.028349523125', 'oz ounce ounces'],
  ['mass', '1000', 'tonne tonnes'],
  ['mass', '907.18474', 'ton tons'],
  ['mass', '6.35029318', 'stone'],
  ['time', '60', 'min mins minute minutes'],
  ['time', '3600', 'h hr hrs hour hours'],
  ['time', '86400', 'day days'],
  ['time', '604800', 'week weeks wk wks'],
  ['time', '31557600', 'year years yr yrs'],
  ['time', '2629800', 'month months'],
  ['time', '315576000', 'decade decades'],
  ['time', '3155760000', 'century centuries'],
  ['speed', '0.44704', 'mph'],
  ['speed', '5/18', 'kph kmh kmph'],
  ['speed', '463/900', 'knot knots'],
  ['frequency', '1/60', 'rpm'],
  ['pressure', '101325', 'atm atmosphere atmospheres'],
  ['pressure', '101325/760', 'torr mmHg'],
  ['pressure', '6894.757293168', 'psi'],
  ['power', '745.69987158227022', 'hp horsepower'],
  ['celsius', '1', '°C celsius Celsius centigrade'],
  ['fahrenheit', '1', '°F fahrenheit Fahrenheit'],
  ['angle', '1', '° deg degree degrees'],
  ['angle', '1/60', "' arcmin arcminute arcminutes"],
  ['angle', '1/3600', "'' arcsec arcsecond arcseconds"],
  ['angle', '360', 'revolution revolutions rev'],
  ['solid', '1', 'sr steradian steradians'],
  ['usd', '1', '$ USD dollar dollars buck bucks'],
  ['usd', '0.01', '¢ cent cents'],
  ['eur', '1', '€ EUR euro euros'],
  ['gbp', '1', '£ GBP'],
  ['gbp', '0.01', 'pence penny'],
  ['jpy', '1', '¥ JPY yen'],
  ['inr', '1', '₹ INR rupee rupees Rs'],
  ['cny', '1', 'CNY RMB yuan'],
  ['krw', '1', '₩ KRW won'],
];

/** Units that take a prefix: dimension, size, symbols, names. */
const PREFIXED_ROWS: readonly (readonly [...Row, string])[] = [
  ['length', '1', 'm', 'meter meters metre metres'],
  ['length', '30856775814913673', 'pc', 'parsec parsecs'],
  ['mass', '0.001', 'g', 'gram grams gramme grammes'],
  ['mass', '0.00000000000000000000000000166053906892', 'u Da', 'dalton daltons'],
  ['time', '1', 's sec secs', 'second seconds'],
  ['volume', '0.001', 'L l', 'liter liters litre litres'],
  ['frequency', '1', 'Hz', 'hertz'],
  ['force', '1', 'N', 'newton newtons'],
  ['force', '0.00001', 'dyn', 'dyne dynes'],
  ['pressure', '1', 'Pa', 'pascal pascals'],
  ['pressure', '100000', 'bar', 'bars'],
  ['energy', '1', 'J', 'joule joules'],
  ['energy', '0.0000000000000000001602176634', 'eV', 'electronvolt electronvolts'],
  ['energy', '0.0000001', 'erg ergs', ''],
  ['energy', '4.184', 'cal', 'calorie calories'],
  ['energy', '3600', 'Wh', ''],
  ['power', '1', 'W', 'watt watts'],
  ['current', '1', 'A', 'ampere amperes amp amps'],
  ['charge', '1', 'C', 'coulomb coulombs'],
  ['voltage', '1', 'V', 'volt volts'],
  ['resistance', '1', 'Ω Ohm', 'ohm ohms'],
  ['conductance', '1', 'S', 'siemens'],
  ['capacitance', '1', 'F', 'farad farads'],
  ['inductance', '1', 'H', 'henry henries henrys'],
  ['flux', '1', 'Wb', 'weber webers'],
  ['field', '1', 'T', 'tesla teslas'],
  ['field', '0.0001', 'G', 'gauss'],
  ['temperature', '1', 'K', 'kelvin kelvins'],
  ['amount', '1', 'mol mols', 'mole moles'],
  ['concentration', '1000', 'M', 'molar'],
  ['intensity', '1', 'cd', 'candela candelas'],
  ['radian', '1', 'rad rads', 'radian radians'],
  ['data', '1', 'bit', 'bits'],
  ['data', '8', 'B', 'byte bytes'],
];

const PREFIX_ROWS: readonly (readonly [string, string, number])[] = [
  ['f', 'femto', -15],
  ['p', 'pico', -12],
  ['n', 'nano', -9],
  ['μ', 'micro', -6],
  ['µ', 'micro', -6],
  ['u', 'micro', -6],
  ['m', 'milli', -3],
  ['c', 'centi', -2],
  ['d', 'deci', -1],
  ['da', 'deca', 1],
  ['h', 'hecto', 2],
  ['k', 'kilo', 3],
  ['M', 'mega', 6],
  ['G', 'giga', 9],
  ['T', 'tera', 12],
  ['P', 'peta', 15],
];

function sizeOf(text: string): Rational {
  const [top = '', bottom = '1'] = text.split('/');
  const [whole = '', part = ''] = top.split('.');
  return rational(BigInt(whole + part), 10n ** BigInt(part.length) * BigInt(bottom));
}

function units(rows: Iterable<Row>): Map<string, Unit> {
  const made = new Map<string, Unit>();
  for (const [kind, size, names] of rows) {
    const unit: Unit = { scale: sizeOf(size), dimension: DIMENSIONS[kind] };
    for (const name of names.split(' ')) if (name !== '') made.set(name, unit);
  }
  return made;
}

function prefixes(column: 0 | 1): Map<string, Rational> {
  return new Map(
    PREFIX_ROWS.map((row) => {
      const power = 10n ** BigInt(Math.abs(row[2]));
      return [row[column], row[2] < 0 ? rational(1n, power) : rational(power)];
    }),
  );
}

export const PREFIX_SYMBOLS: ReadonlyMap<string, Rational> = prefixes(0);
export const PREFIX_NAMES: ReadonlyMap<string, Rational> = prefixes(1);
export const PREFIXED_SYMBOLS: ReadonlyMap<string, Unit> = units(
  PREFIXED_ROWS.map(([kind, size, symbols]) => [kind, size, symbols]),
);
export const PREFIXED_NAMES: ReadonlyMap<string, Unit> = units(
  PREFIXED_ROWS.map(([kind, size, , names]) => [kind, size, names]),
);

/** 1 kilogram and the like come from the prefixes; the tables do not name them. */
export const MEASURES: ReadonlyMap<string, Unit> = new Map([
  ...units(PLAIN_ROWS),
  ...PREFIXED_SYMBOLS,
  ...PREFIXED_NAMES,
]);
