/** @file Arithmetic on values of the spec: `${shared.layers[0].dense.units} / 2`. */
import { type Path, parsePath } from '../problem.ts';

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'path'; readonly path: Path; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly operands: readonly Expression[] };

/** What it asks for, or where in the text it cannot be read and what was expected there. */
export type ReadExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly at: number; readonly expected: string };

const functions: Readonly<Record<string, (...values: readonly number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  max: Math.max,
  min: Math.min,
  round: Math.round,
  sqrt: Math.sqrt,
};
const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '**': (left, right) => left ** right,
};
const precedence: Readonly<Record<string, number>> = {
  '+': 1,
  '-': 1,
  '*': 2,
  '/': 2,
  '%': 2,
  '**': 4,
};
const signPrecedence = 3;

interface Token {
  readonly text: string;
  readonly at: number;
}

export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && value.includes('${');

export function readExpression(text: string): ReadExpression {
  const tokens: Token[] = [];
  const pattern = /\s*(\$\{[^}]*\}|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z]+|\*\*|[-+*/%(),])/y;
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) return { ok: false, at, expected: '${path}, a number, an operator or a function' };
    tokens.push({ text: match[1] ?? '', at });
  }
  const reader = createReader(tokens, text.length);
  try {
    const expression = reader.expression(0);
    reader.expectEnd();
    return { ok: true, expression };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, at: error.at, expected: error.expected };
  }
}

class Unreadable extends Error {
  readonly at: number;
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

/** By precedence climbing (Pratt 1973). */
function createReader(tokens: readonly Token[], end: number) {
  let place = 0;
  const here = () => tokens[place]?.text ?? '';
  const fail = (expected: string): never => {
    throw new Unreadable(tokens[place]?.at ?? end, expected);
  };
  const take = (text: string) => (here() === text ? place++ : fail(`"${text}"`));
  const call = (name: string): Expression => {
    if (!functions[name]) fail(`one of ${Object.keys(functions).join(', ')}`);
    place += 1;
    take('(');
    const operands = [expression(0)];
    while (here() === ',') {
      place += 1;
      operands.push(expression(0));
    }
    take(')');
    return { type: 'call', name, operands };
  };
  const operand = (): Expression => {
    const text = here();
    if (/^\d/.test(text)) return { type: 'number', value: Number(tokens[place++]?.text) };
    if (text.startsWith('${')) {
      const reference = readReference(text) ?? fail('a path between ${ and }');
      place += 1;
      return reference;
    }
    if (text === '-') {
      place += 1;
      const zero: Expression = { type: 'number', value: 0 };
      return { type: 'call', name: '-', operands: [zero, expression(signPrecedence)] };
    }
    if (text === '(') {
      place += 1;
      const inner = expression(0);
      take(')');
      return inner;
    }
    return /^[A-Za-z]/.test(text) ? call(text) : fail('a number, ${path} or a function');
  };
  const expression = (above: number): Expression => {
    let left = operand();
    for (;;) {
      const operator = here();
      const strength = precedence[operator] ?? 0;
      // A power binds to the right: 2 ** 3 ** 2 is 2 ** 9.
      if (strength === 0 || strength <= above) return left;
      place += 1;
      const right = expression(operator === '**' ? strength - 1 : strength);
      left = { type: 'call', name: operator, operands: [left, right] };
    }
  };
  return { expression, expectEnd: () => (place < tokens.length ? fail('an operator') : undefined) };
}

function readReference(token: string): Expression | undefined {
  const text = token.slice(2, -1).trim();
  const path = parsePath(text);
  return path && { type: 'path', path, text };
}

/** The paths that it names, each with its text. */
export function pathsIn(expression: Expression): readonly { path: Path; text: string }[] {
  if (expression.type === 'number') return [];
  if (expression.type === 'path') return [expression];
  return expression.operands.flatMap(pathsIn);
}

/** Its value; what is not a number makes it NaN. */
export function evaluate(expression: Expression, valueAt: (path: Path) => unknown): number {
  if (expression.type === 'number') return expression.value;
  if (expression.type === 'path') {
    const value = valueAt(expression.path);
    return typeof value === 'number' ? value : Number.NaN;
  }
  const values = expression.operands.map((operand) => evaluate(operand, valueAt));
  const [left = Number.NaN, right = Number.NaN] = values;
  const operator = operators[expression.name];
  if (operator) return operator(left, right);
  return functions[expression.name]?.(...values) ?? Number.NaN;
}
