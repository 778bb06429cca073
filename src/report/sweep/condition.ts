/** @file `units<64`, `status=failed`: a condition on trials, read from text. */
import { exactWords, valueInWords } from '../../plan/index.ts';
import { formatParameter } from '../format.ts';
import { type TrialView, trialStatuses } from '../read-run.ts';
import { findName, type ListedChoice, type Named } from './names.ts';

export interface Condition {
  readonly named: Named;
  readonly holds: (choice: ListedChoice, trial: TrialView) => boolean;
}

type Parsed = { ok: true; condition: Condition } | { ok: false; reason: string };

const operators = ['=', '!=', '<', '<=', '>', '>='] as const;
type Operator = (typeof operators)[number];
const isOperator = (text: string): text is Operator => operators.some((each) => each === text);

/** `<name><operator><value>`; says what is wrong with it otherwise. */
export function parseCondition(text: string, names: ReadonlyMap<string, Named>): Parsed {
  const wrong = (reason: string): Parsed => ({ ok: false, reason: `--where '${text}': ${reason}` });
  const parts = /^([^=!<>]*)([=!<>]+)(.*)$/s.exec(text);
  if (!parts)
    return wrong(`expected <name><operator><value>; the operators are ${operators.join(', ')}`);
  const [, name = '', operator = '', value = ''] = parts.map((part) => part.trim());
  if (name === '') return wrong(`expected a name before "${operator}"`);
  if (!isOperator(operator))
    return wrong(
      `"${operator}" is no operator${operator === '==' ? ', one "=" is' : ''}: ${operators.join(', ')}`,
    );
  if (value === '')
    return wrong(`expected a value after "${operator}" ("none" for what is not set)`);
  const found = findName(names, name);
  if (!found.ok) return wrong(found.reason);
  const isEquality = operator === '=' || operator === '!=';
  if (!isEquality && Number.isNaN(Number(value)))
    return wrong(`"${operator}" compares numbers, and "${value}" is none`);
  if (found.named.name === 'status' && isEquality && !trialStatuses.some((each) => each === value))
    return wrong(`"${value}" is no status: ${trialStatuses.join(', ')}`);
  const { valueIn } = found.named;
  const holds = comparison(operator, value);
  return {
    ok: true,
    condition: { named: found.named, holds: (choice, trial) => holds(valueIn(choice, trial)) },
  };
}

function comparison(operator: Operator, written: string): (value: unknown) => boolean {
  const number = Number(written);
  const ordered = (compare: (value: number) => boolean) => (value: unknown) =>
    typeof value === 'number' && compare(value);
  switch (operator) {
    case '=':
      return (value) => isWritten(value, written);
    case '!=':
      return (value) => !isWritten(value, written);
    case '<':
      return ordered((value) => value < number);
    case '<=':
      return ordered((value) => value <= number);
    case '>':
      return ordered((value) => value > number);
    case '>=':
      return ordered((value) => value >= number);
    default:
      return operator satisfies never;
  }
}

/** A block is meant by its JSON, by its words (the table cuts long ones), or by the name of its kind. */
function isWritten(value: unknown, written: string): boolean {
  if (value === undefined || value === null || Number.isNaN(value)) return written === 'none';
  if (typeof value === 'number') return value === Number(written);
  if (typeof value !== 'object') return String(value) === written;
  const keys = Object.keys(value);
  const isKind = !Array.isArray(value) && keys.length === 1 && keys[0] === written;
  const spellings = [JSON.stringify, formatParameter, valueInWords, exactWords];
  return isKind || spellings.some((spell) => spell(value) === written);
}
