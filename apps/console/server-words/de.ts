import type { ServerWords } from '../lib/server-words';
import fields from './de/fields.json' with { type: 'json' };
import fixes from './de/fixes.json' with { type: 'json' };
import problems from './de/problems.json' with { type: 'json' };

/** German for what the server says: against a request, of its fields, and what to do about a refusal. */
export const words: ServerWords = { ...fields, ...problems, ...fixes };
