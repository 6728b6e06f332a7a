import { describe, expect, it } from 'vitest';
import { rational } from '../values/rational.js';
import type { UnitFactor } from './expression.js';
import { lookUpUnit, sameDimension, unitOf } from './units.js';

const factor = (name: string, power = 1n): UnitFactor => ({ name, power: rational(power) });

describe('lookUpUnit', () => {
  it.each([
    ['m', '1/1', { length: 1 }],
    ['km', '1000/1', { length: 1 }],
    ['Kilometers', '1000/1', { length: 1 }],
    ['centimetre', '1/100', { length: 1 }],
    ['in', '127/5000', { length: 1 }],
    ['feet', '381/1250', { length: 1 }],
    ['mm', '1/1000', { length: 1 }],
    ['min', '60/1', { time: 1 }],
    ['hours', '3600/1', { time: 1 }],
    ['mL', '1/1000000', { length: 3 }],
    ['kg', '1/1', { mass: 1 }],
    ['μm', '1/1000000', { length: 1 }],
    ['mph', '1397/3125', { length: 1, time: -1 }],
    ['kPa', '1000/1', { mass: 1, length: -1, time: -2 }],
    ['keV', '801088317/5000000000000000000000000', { mass: 1, length: 2, time: -2 }],
    ['cents', '1/100', { usd: 1 }],
    ['MB', '8000000/1', { data: 1 }],
    ['°C', '1/1', { celsius: 1 }],
  ])('knows %s', (name, scale, dimension) => {
    const unit = lookUpUnit(name);
    expect(unit && `${unit.scale.n}/${unit.scale.d}`).toBe(scale);
    expect(unit?.dimension).toEqual(dimension);
  });

  it.each(['students', 'apples', 'units', 'x', '', 'kilo', 'constructor'])(
    'knows no unit named %j',
    (name) => {
      expect(lookUpUnit(name)).toBeUndefined();
    },
  );
});

describe('unitOf', () => {
  it('multiplies scales and adds powers', () => {
    const speed = unitOf([factor('km'), factor('h', -1n)]);
    expect(speed).toEqual({ scale: rational(5n, 18n), dimension: { length: 1, time: -1 } });
    expect(sameDimension(speed?.dimension ?? {}, lookUpUnit('mph')?.dimension ?? {})).toBe(true);
  });

  it('drops what cancels', () => {
    expect(unitOf([factor('m'), factor('cm', -1n)])).toEqual({ scale: rational(100n), dimension: {} });
  });

  it('tells a joule from a watt by their dimensions', () => {
    const [joule, watt] = [unitOf([factor('N'), factor('m')]), unitOf([factor('W')])];
    expect(sameDimension(joule?.dimension ?? {}, lookUpUnit('J')?.dimension ?? {})).toBe(true);
    expect(sameDimension(joule?.dimension ?? {}, watt?.dimension ?? {})).toBe(false);
  });

  it('has no scale for nouns', () => {
    expect(unitOf([factor('miles'), factor('gallons', -1n)])).toBeDefined();
    expect(unitOf([factor('students')])).toBeUndefined();
  });
});
