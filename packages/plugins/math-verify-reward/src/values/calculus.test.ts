import { describe, expect, it } from 'vitest';
import { parse } from '../verify.js';
import type { Expression } from '../answer/expression.js';
import { Budget } from '../budget.js';
import { compareValues } from './compare-values.js';
import { scalarForm } from './scalar-form.js';

function read(text: string): Expression {
  const read = parse(text);
  const [first] = 'readings' in read ? read.readings : [];
  if (first === undefined) throw new Error(`unreadable: ${text}`);
  return first;
}

describe('calculus', () => {
  it.each([
    [String.raw`\int_0^1 x^2 dx`, '1/3'],
    [String.raw`\int_0^1 3x^2+2x dx`, '2'],
    [String.raw`\int_0^{\pi} \sin x \, dx`, '2'],
    [String.raw`\int_0^a x dx`, 'a^2/2'],
    [String.raw`\int_1^e \frac{1}{x} dx`, '1'],
    [String.raw`\int_0^1 \frac{1}{\sqrt{x}} dx`, '2'],
    [String.raw`\int_0^1 (\ln x) dx`, '-1'],
    [String.raw`\int_0^{\infty} x e^{-x} dx`, '1'],
    [String.raw`\int_{-\infty}^{\infty} \frac{1}{1+x^2} dx`, String.raw`\pi`],
    [String.raw`\int_0^{\pi} (\sin^2 x) dx`, String.raw`\frac{\pi}{2}`],
    [String.raw`\int_0^{\pi} x (\cos x) dx`, '-2'],
    [String.raw`\lim_{x \to 0} \frac{\sin x}{x}`, '1'],
    [String.raw`\lim_{x \to 0} \frac{e^x-1}{x}`, '1'],
    [String.raw`\lim_{x \to 0} \frac{1-\cos x}{x^2}`, '1/2'],
    [String.raw`\lim_{n \to \infty} (1+\frac{1}{n})^n`, 'e'],
    [String.raw`\lim_{x \to \infty} \frac{2x+1}{x-3}`, '2'],
    [String.raw`\lim_{x \to 2} \frac{x^2-4}{x-2}`, '4'],
    [String.raw`\lim_{x \to 0^+} \frac{1}{x}`, String.raw`\infty`],
    [String.raw`\lim_{x \to 0^-} \frac{1}{x}`, String.raw`-\infty`],
    [String.raw`\lim_{x \to \infty} \frac{\ln x}{x}`, '0'],
    [String.raw`\lim_{h \to 0} \frac{(x+h)^2-x^2}{h}`, '2x'],
    [String.raw`\frac{d x^3}{dx}`, '3x^2'],
    [String.raw`\frac{d}{dx} x^3`, '3x^2'],
    [String.raw`\frac{d^2}{dx^2} x^4`, '12x^2'],
    [String.raw`\sum_{k=1}^{n} k`, 'n(n+1)/2'],
  ])('%s is %s', (left, right) => {
    expect(compareValues(read(left), read(right), new Budget())).toMatchObject({ same: true });
  });

  it.each([
    ['across a pole', String.raw`\int_{-1}^1 \frac{1}{x^2} dx`],
    ['without an elementary antiderivative', String.raw`\int_0^1 e^{x^2} dx`],
    ['two sides that differ', String.raw`\lim_{x \to 0} \frac{1}{x}`],
    ['without a limit', String.raw`\lim_{x \to \infty} \sin x`],
    ['of an unknown function', String.raw`\frac{dy}{dx}`],
  ])('stays as it is: %s', (_, text) => {
    expect(scalarForm(read(text), new Budget())).toMatchObject({ kind: 'opaque' });
  });
});
