/** @file A spec's `query`: checked for what would make its rows differ from run to run, and put in order. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Problem } from '../../spec/problem.ts';
import { firstLines } from './duckdb-message.ts';
import { type Column, quoteName, quoteText } from './sql.ts';

const queryPath = ['data', 'query'] as const;
const randomFunctions = ['random', 'uuid', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'setseed'];
const clockFunctions = [
  'now',
  'today',
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'transaction_timestamp',
  'get_current_timestamp',
  'get_current_time',
];

export interface CheckedQuery {
  /** The query, without a semicolon at its end. */
  readonly sql: string;
  readonly statement: Statement;
  /** Its ORDER BY: none, over some columns, or over all of them (`ORDER BY ALL`). */
  readonly ownOrder: 'partial' | 'total' | undefined;
  /** It samples with a seed, which repeats itself on one thread only. */
  readonly samples: boolean;
}

/** Reads the query as DuckDB does; DuckDB's own parser says what it holds. */
export async function checkQuery(
  connection: DuckDBConnection,
  query: string,
): Promise<CheckedQuery | { readonly problems: readonly Problem[] }> {
  const parsed = await parseQuery(connection, query);
  if ('problem' in parsed) return { problems: [parsed.problem] };
  const found: Findings = { functions: new Set(), seeds: [] };
  collect(parsed.statement.node, found);
  const problems = unstable(found);
  if (problems.length > 0) return { problems };
  const sql = query.trim().replace(/;\s*$/, '');
  const { statement } = parsed;
  return { sql, statement, ownOrder: orderOf(statement.node), samples: found.seeds.length > 0 };
}

/** The rows of a query in an order that is the same in every run: its own, or by key, or by all. */
export async function inStableOrder(
  connection: DuckDBConnection,
  query: CheckedQuery,
  columns: readonly Column[],
  key: readonly string[],
): Promise<string> {
  if (query.ownOrder)
    return query.ownOrder === 'total' ? query.sql : breakTies(connection, query, columns.length);
  const order = [...key, ...columns.map(({ name }) => name)].map(quoteName).join(', ');
  return `SELECT * FROM (\n${query.sql}\n) AS query ORDER BY ${order}`;
}

/** Adds `1, 2, …, n` to the query's own ORDER BY: DuckDB leaves ties in an order that may change. */
async function breakTies(connection: DuckDBConnection, query: CheckedQuery, columns: number) {
  const statement = structuredClone(query.statement);
  for (const modifier of modifiersOf(statement.node))
    for (let column = 1; modifier.type === 'ORDER_MODIFIER' && column <= columns; column++)
      modifier.orders?.push(orderByPosition(column));
  const serialized = JSON.stringify({ error: false, statements: [statement] });
  const found = await connection.runAndReadAll(
    `SELECT json_deserialize_sql(${quoteText(serialized)}::JSON)`,
  );
  return String(found.getRowsJson()[0]?.[0]);
}

const orderByPosition = (column: number) => ({
  type: 'ORDER_DEFAULT',
  null_order: 'ORDER_DEFAULT',
  expression: {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: column },
  },
});

interface Statement {
  readonly node?: unknown;
}
interface Modifier {
  readonly type: string;
  readonly orders?: { readonly expression?: { readonly class?: string } }[];
}
interface Findings {
  readonly functions: Set<string>;
  readonly seeds: number[];
}

async function parseQuery(
  connection: DuckDBConnection,
  query: string,
): Promise<{ statement: Statement } | { problem: Problem }> {
  const result = await connection.runAndReadAll(
    `SELECT json_serialize_sql(${quoteText(query)})::VARCHAR`,
  );
  // Places that DuckDB does not know are the largest 64-bit number, which JSON.parse would round.
  const text = String(result.getRowsJson()[0]?.[0] ?? '{}');
  const parsed = JSON.parse(text.replace(/("query_location":\s*)\d{16,}/g, '$10'));
  if (parsed.error === true && parsed.error_type === 'parser') {
    return { problem: notSql(query, String(parsed.error_message), Number(parsed.position)) };
  }
  const statements: readonly Statement[] = parsed.statements ?? [];
  const [statement] = statements;
  if (parsed.error === true || statements.length !== 1 || !statement)
    return { problem: { path: queryPath, expected: 'one SELECT', came: shorten(query) } };
  return { statement };
}

function notSql(query: string, message: string, position: number): Problem {
  const before = query.slice(0, position).split('\n');
  const line = query.split('\n')[before.length - 1] ?? '';
  const caret = `${' '.repeat(before.at(-1)?.length ?? 0)}^`;
  return {
    path: queryPath,
    expected: 'a SELECT in DuckDB’s SQL',
    came: firstLines(message),
    hint: Number.isFinite(position) ? `${line}\n${caret}` : undefined,
  };
}

const shorten = (text: string) => (text.length > 60 ? `"${text.slice(0, 57)}…"` : `"${text}"`);

/** Walks the parsed query; only objects and lists occur in it. */
function collect(node: unknown, found: Findings): void {
  if (Array.isArray(node)) for (const item of node) collect(item, found);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const { function_name: name, column_names: columns, sample } = node as Record<string, unknown>;
  if (typeof name === 'string') found.functions.add(name.toLowerCase());
  const [column, ...more] = Array.isArray(columns) ? columns.map(String) : [];
  // `current_date` is written without parentheses, as a column is.
  if (column && more.length === 0 && /^(current|local)_?(date|time(stamp)?)$/i.test(column))
    found.functions.add(column.toLowerCase());
  if (typeof sample === 'object' && sample !== null && 'seed' in sample)
    found.seeds.push(Number(sample.seed));
  for (const value of Object.values(node)) collect(value, found);
}

function unstable({ functions, seeds }: Findings): Problem[] {
  const problems: Problem[] = [];
  const expected = 'the same rows in every run';
  const random = randomFunctions.filter((name) => functions.has(name));
  if (random.length > 0)
    problems.push({
      path: queryPath,
      expected,
      came: `${random[0]}()`,
      hint: 'Derive it from a column instead: `hash(id) % 100 < 10` takes a tenth of the rows.',
    });
  if (seeds.some((seed) => seed < 0))
    problems.push({
      path: queryPath,
      expected,
      came: 'a sample without a seed',
      hint: 'Add a seed: `USING SAMPLE reservoir(1000 ROWS) REPEATABLE (7)`.',
    });
  const clock = clockFunctions.filter((name) => functions.has(name));
  if (clock.length > 0)
    problems.push({
      path: queryPath,
      expected,
      came: clock[0] ?? '',
      hint: "Write the date instead: `DATE '2024-01-31'`.",
    });
  return problems;
}

function modifiersOf(node: unknown): readonly Modifier[] {
  if (typeof node !== 'object' || node === null || !('modifiers' in node)) return [];
  return Array.isArray(node.modifiers) ? node.modifiers : [];
}

function orderOf(node: unknown): CheckedQuery['ownOrder'] {
  const order = modifiersOf(node).find(({ type }) => type === 'ORDER_MODIFIER');
  if (!order) return undefined;
  return order.orders?.some(({ expression }) => expression?.class === 'STAR') ? 'total' : 'partial';
}
