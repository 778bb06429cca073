/** @file Answers that come page by page, as one sequence. */
import { type Json, listOf, textOf } from './read-wire.ts';

/** `page` asks for one; an empty or repeated token ends it. An answer without the list is empty. */
export async function* pagesOf<Item>(
  page: (token: string | undefined) => Promise<Json>,
  list: string,
  read: (wire: Json) => Item,
): AsyncGenerator<Item, void, undefined> {
  let token: string | undefined;
  do {
    const answer = await page(token);
    for (const wire of listOf(answer[list])) yield read(wire);
    const next = textOf(answer.next_page_token);
    if (next === token) return;
    token = next;
  } while (token);
}
