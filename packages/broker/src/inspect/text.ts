import type { TextFilter } from '@gatehouse/ports';

/** Whether a text is what a filter asks for; no filter asks for nothing. */
export function isAsked(text: string, filter: TextFilter | undefined): boolean {
  if (filter === undefined) return true;
  switch (filter.op) {
    case 'eq':
      return text === filter.value;
    case 'starts':
      return text.startsWith(filter.value);
    case 'contains':
      return text.includes(filter.value);
  }
}
