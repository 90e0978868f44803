import {
  createLoader,
  createParser,
  createSerializer,
  parseAsBoolean,
  parseAsIsoDateTime,
  parseAsNumberLiteral,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import { parseSetChoice, sameSetChoice, serializeSetChoice } from './set-choice';
import { parseTextChoice, sameTextChoice, serializeTextChoice } from './text-choice';
import {
  DEFAULT_PAGE_SIZE,
  DEFAULT_RANGE,
  DEFAULT_SORT,
  GROUPINGS,
  IS_VALUE,
  PAGE_SIZES,
  RANGE_KEYS,
  SORTS,
  STATES,
  type SetField,
} from './view';

const parseAsSetOf = (field: SetField) =>
  createParser({
    parse: (text: string) => parseSetChoice(text, IS_VALUE[field]),
    serialize: serializeSetChoice,
    eq: sameSetChoice,
  });

const parseAsText = createParser({
  parse: parseTextChoice,
  serialize: serializeTextChoice,
  eq: sameTextChoice,
});

const SEARCH_CHARACTERS_MAX = 256;

/** A date that is none must not become a filter. */
const parseAsTime = createParser({
  parse: (text: string) => {
    const time = parseAsIsoDateTime.parse(text);
    return time === null || Number.isNaN(time.getTime()) ? null : time;
  },
  serialize: parseAsIsoDateTime.serialize,
  eq: (a: Date, b: Date) => a.getTime() === b.getTime(),
});

/** The URL's keys; filters are named and written as the API's, so that a link can be made of either. */
export const viewParsers = {
  search: createParser({
    parse: (text: string) => (text === '' ? null : text.slice(0, SEARCH_CHARACTERS_MAX)),
    serialize: (text: string) => text,
  }),
  state: parseAsStringLiteral(STATES).withDefault('open'),
  family: parseAsSetOf('family'),
  reason: parseAsSetOf('reason'),
  protocol: parseAsSetOf('protocol'),
  listener: parseAsSetOf('listener'),
  ip: parseAsSetOf('ip'),
  clientId: parseAsText,
  username: parseAsText,
  detail: parseAsText,
  passwordProvided: parseAsBoolean,
  tlsUsed: parseAsBoolean,
  range: parseAsStringLiteral(RANGE_KEYS).withDefault(DEFAULT_RANGE),
  from: parseAsTime,
  to: parseAsTime,
  firstFrom: parseAsTime,
  firstTo: parseAsTime,
  at: parseAsTime,
  sort: parseAsStringLiteral(SORTS).withDefault(DEFAULT_SORT),
  limit: parseAsNumberLiteral(PAGE_SIZES).withDefault(DEFAULT_PAGE_SIZE),
  cursor: parseAsString,
  group: parseAsStringLiteral(GROUPINGS).withDefault('none'),
  open: parseAsString,
};

/** Reads the view out of a request's query. */
export const loadView = createLoader(viewParsers);

/** Writes a view (or part of one) as the page's address. */
export const viewHref = createSerializer(viewParsers);

/** Keys of the URL that are known but whose value cannot be read: said on the page, and otherwise left alone. */
export function unreadableKeys(params: URLSearchParams): readonly string[] {
  return Object.entries(viewParsers)
    .filter(([key, parser]) => {
      const text = params.get(key);
      return text !== null && text !== '' && parser.parse(text) === null;
    })
    .map(([key]) => key);
}
