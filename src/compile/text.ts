/** @file A trace as text, for people and for snapshots. */
import type { RecordedAttribute, RecordedConstant, RecordedTensor } from '../engine/index.ts';
import type { Trace } from './trace.ts';

/** One line an operation: `%3 = MatMul(item/x, carry/w) : float32[4,2]  # shared/0/dense`. */
export function traceText({ arguments: given, constants, operations, results }: Trace): string {
  const names = new Map<number, string>();
  for (const [name, { id }] of Object.entries(given)) names.set(id, name);
  for (const each of constants) names.set(each.id, constantText(each));
  let next = 0;
  for (const { outputs } of operations) for (const { id } of outputs) names.set(id, `%${next++}`);
  const name = ({ id }: Pick<RecordedTensor, 'id'>) => names.get(id) ?? '?';
  return [
    ...Object.entries(given).map(([each, tensor]) => `${each}: ${typeText(tensor)}`),
    ...operations.map(({ name: operation, inputs, outputs, attributes, context }) => {
      const call = `${operation}(${inputs.map((id) => name({ id })).join(', ')})`;
      const made = outputs.map(name).join(', ');
      const place = context === '' ? '' : `  # ${context}`;
      return `${made} = ${call}${attributesText(attributes)} : ${outputs.map(typeText).join(', ')}${place}`;
    }),
    ...Object.entries(results).map(([each, tensor]) => `${each} <- ${name(tensor)}`),
  ].join('\n');
}

const typeText = ({ dtype, shape }: RecordedTensor) => `${dtype}[${shape.join(',')}]`;

function constantText({ values, shape, dtype }: RecordedConstant): string {
  const shown = [...values.slice(0, 6)].map((value) => Number(value.toPrecision(7)));
  const more = values.length > 6 ? `, … ${values.length}` : '';
  const text = shape.length === 0 ? String(shown[0]) : `[${shown.join(', ')}${more}]`;
  return dtype === 'float32' ? `${text}f` : text;
}

/** Those that say more than the element types of inputs do. */
function attributesText(attributes: readonly RecordedAttribute[]): string {
  const told = attributes.filter(
    ({ kind, value, name }) => kind !== 'type' && value !== false && name !== 'N',
  );
  if (told.length === 0) return '';
  return ` {${told.map(({ name, value }) => `${name}: ${JSON.stringify(value)}`).join(', ')}}`;
}
