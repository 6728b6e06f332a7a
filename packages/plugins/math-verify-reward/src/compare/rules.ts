import { sameTree } from '../answer/tree.js';
import { compareAssignment } from './assignment.js';
import { compareCases, compareIntervals, compareSetStructure, compareTuples } from './collections.js';
import { same, type Rule } from './decision.js';
import { compareFamilies } from './families.js';
import { compareMatrices } from './matrices.js';
import { compareBases, compareRatios } from './notations.js';
import { compareDegrees, comparePercent, compareQuantities } from './quantities.js';
import { compareRealSets } from './real-set.js';
import { compareRelations } from './relations.js';
import { compareKinds, compareRounded, compareRoundedToGold, compareScalars } from './scalars.js';
import { compareSeveral } from './several.js';
import { compareChoices, compareWords } from './words.js';

/**
 * The rules of mode `correct`, asked from top to bottom on the two sides and again on their parts: the first with
 * something to say decides. Structure comes first, then numbers: exactly, by bounds, at sampled points.
 */
export const RULES: readonly Rule[] = [
  {
    id: 'same-form',
    says: 'Both sides read the same.',
    example: ['\\frac{1}{2}', '\\dfrac12', true],
    decide: (gold, prediction) => (sameTree(gold, prediction) ? same('both sides read the same') : undefined),
  },
  {
    id: 'choice',
    says: 'Letters of a multiple-choice question are equal or not; a letter with its content may be given by either.',
    example: ['C', '\\textbf{(C)}\\ 12', true],
    decide: compareChoices,
  },
  {
    id: 'words',
    says: 'Words are compared without case, articles and punctuation; a phrase like "no solution" is what it stands for.',
    example: ['\\text{Evelyn}', 'evelyn', true],
    decide: compareWords,
  },
  {
    id: 'relation',
    says: 'Equations and inequalities are equal if they are rearrangements of each other; chains link by link.',
    example: ['2x + z = 1', '4x = 2 - 2z', true],
    decide: compareRelations,
  },
  {
    id: 'family',
    says: 'Families of answers are equal whatever their parameters are called; over the integers they may start anywhere.',
    example: [
      'x = \\frac{\\pi}{4} + k\\pi, k \\in \\mathbb{Z}',
      'x = n\\pi - \\frac{3\\pi}{4}, n \\in \\mathbb{Z}',
      true,
    ],
    decide: compareFamilies,
  },
  {
    id: 'real-set',
    says: 'Intervals, unions and inequalities in one unknown are equal if they hold the same real numbers.',
    example: ['x < 2', '(-\\infty, 2)', true],
    decide: compareRealSets,
  },
  {
    id: 'assignment',
    says: 'A value that is given a name is that value.',
    example: ['5', 'x = 5', true],
    decide: compareAssignment,
  },
  {
    id: 'several',
    says: 'Several answers are equal if each has its partner, in any order; a part of them is wrong. A pair keeps its order.',
    example: ['1, 2, 3', '\\{3, 2, 1\\}', true],
    decide: compareSeveral,
  },
  {
    id: 'ratio',
    says: 'Ratios are equal if proportional; times of day if they are the same minute.',
    example: ['2:30 \\text{ p.m.}', '14:30', true],
    decide: compareRatios,
  },
  {
    id: 'base',
    says: 'A number in a base equals its value, and its digits where the base is left out.',
    example: ['204_5', '204_6', false],
    decide: compareBases,
  },
  {
    id: 'percent',
    says: 'A percentage is its hundredth; the sign may be left out, and may be added to a gold above 1.',
    example: ['28\\%', '28', true],
    decide: comparePercent,
  },
  {
    id: 'unit',
    says: 'Units are converted and must measure the same; a unit that one side leaves out, or a noun, is no difference.',
    example: ['12 \\text{ m}', '12 \\text{ km}', false],
    decide: compareQuantities,
  },
  {
    id: 'degrees',
    says: 'Degrees are converted; the sign may be left out.',
    example: ['60^\\circ', '\\frac{\\pi}{3}', true],
    decide: compareDegrees,
  },
  {
    id: 'matrix',
    says: 'Matrices and vectors are equal element by element, sums and products multiplied out.',
    example: ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '(1, 2)', true],
    decide: compareMatrices,
  },
  {
    id: 'interval',
    says: 'Intervals with symbolic ends are equal by their ends and openness.',
    example: ['[0, a)', '[0, a]', false],
    decide: compareIntervals,
  },
  {
    id: 'tuple',
    says: 'Tuples are equal place by place.',
    example: ['(1, 2)', '(2, 1)', false],
    decide: compareTuples,
  },
  {
    id: 'set',
    says: 'Named sets and sets built of sets are equal by their parts.',
    example: ['\\mathbb{R}', '\\mathbb{Q}', false],
    decide: compareSetStructure,
  },
  {
    id: 'cases',
    says: 'Functions by cases are equal case by case, in any order.',
    example: [
      '\\begin{cases} x & x \\ge 0 \\\\ -x & x < 0 \\end{cases}',
      '\\begin{cases} -x & \\text{if } x < 0 \\\\ x & \\text{otherwise} \\end{cases}',
      true,
    ],
    decide: compareCases,
  },
  {
    id: 'kind',
    says: 'What is left of two different kinds is different.',
    example: ['0', '3x - y + 13 = 0', false],
    decide: compareKinds,
  },
  {
    id: 'rounded',
    says: 'A decimal of six or more significant digits equals what it rounds.',
    example: ['\\frac{1}{3}', '0.333333', true],
    decide: compareRounded,
  },
  {
    id: 'rounded-to-gold',
    says: 'With option roundToGold, a prediction may have more digits than a decimal gold.',
    example: ['1.23', '1.2345', false],
    decide: compareRoundedToGold,
  },
  {
    id: 'value',
    says: 'Numbers and functions are equal by exact arithmetic, or by agreement at random points within error bounds.',
    example: ['(x+1)^2', 'x^2 + 2x + 1', true],
    decide: compareScalars,
  },
];
