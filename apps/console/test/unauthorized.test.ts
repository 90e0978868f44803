import { execFileSync } from 'node:child_process';
import type { UnauthorizedClientDto } from '@gatehouse/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activeFilters, patched, relaxations } from '../lib/unauthorized/active-filters.ts';
import { COLUMN_IDS, moved, movedTo, parseColumnPrefs } from '../lib/unauthorized/columns.ts';
import { isNewestFirst, parseEvent, withChanges, withoutRows } from '../lib/unauthorized/live-event.ts';
import { retryDelayMs } from '../lib/unauthorized/live-source.ts';
import { loadView, unreadableKeys, viewHref } from '../lib/unauthorized/parsers.ts';
import {
  filterQuery,
  listResource,
  rangeBounds,
  streamQuery,
  type RefusedPage,
} from '../lib/unauthorized/query.ts';
import { parseSavedViews, searchToSave, withView } from '../lib/unauthorized/saved-views.ts';
import {
  NOTHING_SELECTED,
  between,
  isSelected,
  selectedCount,
  withRows,
} from '../lib/unauthorized/selection.ts';
import {
  onlyThis,
  parseSetChoice,
  serializeSetChoice,
  toggleExcluded,
  toggleIncluded,
} from '../lib/unauthorized/set-choice.ts';
import { shellQuote } from '../lib/shell-quote.ts';
import { parseTextChoice, serializeTextChoice } from '../lib/unauthorized/text-choice.ts';
import { rhythmOf, timelineBars } from '../lib/unauthorized/timeline.ts';

const NOW = Date.parse('2026-05-05T12:00:10Z');
const view = (search: string) => loadView(new URLSearchParams(search));

const row = (id: string, change: Partial<UnauthorizedClientDto> = {}): UnauthorizedClientDto => ({
  id,
  clientId: `client-${id}`,
  clientIdTruncated: false,
  username: null,
  passwordProvided: true,
  tlsUsed: false,
  ip: '10.0.0.1',
  ips: ['10.0.0.1'],
  reason: 'BASIC_NO_CREDENTIALS',
  family: 'basic',
  detail: {},
  connackCode: 4,
  authenticator: 'builtin',
  attempts: 1,
  firstAttemptAt: '2026-05-05T11:00:00Z',
  lastAttemptAt: '2026-05-05T11:00:00Z',
  listener: 'tcp',
  node: 'a',
  protocol: 4,
  keepAliveSeconds: 60,
  cleanStart: true,
  pskIdentity: null,
  state: 'open',
  resolvedAt: null,
  certificate: null,
  trace: null,
  ...change,
});
const page = (...items: UnauthorizedClientDto[]): RefusedPage => ({
  items,
  next: null,
  prev: null,
  total: items.length,
  totalIsExact: true,
});

describe('the address is the state', () => {
  test('a view written as an address reads back as the same view', () => {
    const search =
      'search=pump&state=all&reason=BASIC_NO_CREDENTIALS,!TLS_CERT_EXPIRED&ip=10.0.0.0/8&clientId=contains:mp-7&tlsUsed=false&range=7d&sort=-attempts&limit=200&open=42';
    expect(view(viewHref('/unauthorized', view(search)).split('?')[1] ?? '')).toEqual(view(search));
  });

  test('the default view has an empty address and shows only open rows of the last day', () => {
    expect(viewHref('/unauthorized', view(''))).toBe('/unauthorized');
    expect(filterQuery(view(''), NOW)).toEqual({ state: 'open', from: '2026-05-04T12:00:00.000Z' });
  });

  test('unknown keys are ignored; known keys with bad values fall back and are named', () => {
    const params = new URLSearchParams(
      'bogus=1&sort=evil&limit=7&from=never&clientId=contains:ab&family=nope',
    );
    expect(unreadableKeys(params)).toEqual(['family', 'clientId', 'from', 'sort', 'limit']);
    expect(loadView(params)).toEqual(view(''));
  });

  test('a pasted page fixes the end of a relative range, for its cursor belongs to it', () => {
    const pasted = view('range=1h&at=2026-05-05T10:00:00.000Z&cursor=abc');
    expect(listResource(pasted, NOW).query).toMatchObject({
      from: '2026-05-05T09:00:00.000Z',
      cursor: 'abc',
    });
  });

  test('a custom range wins over a relative one; all time has no bounds', () => {
    expect(rangeBounds(view('range=1h&from=2026-01-01T00:00:00.000Z'), NOW)).toEqual({
      from: '2026-01-01T00:00:00.000Z',
    });
    expect(rangeBounds(view('range=all'), NOW)).toEqual({});
  });

  test('the stream is asked for the filters without the range', () => {
    expect(streamQuery(view('range=1h&listener=tcp'))).toEqual({ state: 'open', listener: 'tcp' });
  });
});

describe('filters', () => {
  test('sets read back what they wrote, included and excluded', () => {
    const values = fc.uniqueArray(fc.stringMatching(/^[a-z0-9:./]{1,8}$/), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat(8), (all, cut) => {
        const choice = { include: all.slice(0, cut), exclude: all.slice(cut) };
        expect(parseSetChoice(serializeSetChoice(choice), () => true)).toEqual(choice);
      }),
    );
  });

  test('text filters read back what they wrote, whatever the client called itself', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 3 }),
        fc.constantFrom('eq', 'starts', 'contains'),
        (value, operator) => {
          fc.pre(Array.from(value).length >= 3);
          const choice = { operator, value } as const;
          expect(parseTextChoice(serializeTextChoice(choice))).toEqual(choice);
        },
      ),
    );
  });

  test('contains with fewer than three characters is not sent, for it would be refused', () => {
    expect(parseTextChoice('contains:ab')).toBeNull();
    expect(parseTextChoice('starts:ab')).toEqual({ operator: 'starts', value: 'ab' });
  });

  test('a value is in, out, or neither: never both', () => {
    const included = toggleIncluded(null, 'a');
    expect(toggleExcluded(included, 'a')).toEqual({ include: [], exclude: ['a'] });
    expect(toggleIncluded(included, 'a')).toBeNull();
    expect(onlyThis(onlyThis(included, 'b'), 'b')).toBeNull();
  });

  test('every active filter has a chip whose removal takes exactly it away', () => {
    const filtered = view(
      'reason=BASIC_NO_CREDENTIALS,!CHAIN_EXHAUSTED&search=x&tlsUsed=true&state=resolved',
    );
    const filters = activeFilters(filtered);
    expect(filters).toHaveLength(5);
    for (const filter of filters) {
      const rest = activeFilters(patched(filtered, filter.without)).map(({ key }) => key);
      expect(rest).toEqual(filters.map(({ key }) => key).filter((key) => key !== filter.key));
    }
  });

  test('where nothing matches, each filter, the state and the range are ways out', () => {
    expect(relaxations(view('search=x')).map(({ key }) => key)).toEqual(['search', 'state', 'range']);
    expect(relaxations(view('state=all&range=all'))).toEqual([]);
  });
});

describe('live rows', () => {
  const rows = (...upserted: UnauthorizedClientDto[]) =>
    ({ kind: 'rows', upserted, newRows: upserted.length, more: 0 }) as const;

  test('a new row goes on top and the page keeps its size', () => {
    const next = withChanges(
      page(row('1'), row('2')),
      rows(row('3', { lastAttemptAt: '2026-05-05T11:30:00Z' })),
      {
        limit: 2,
        insert: true,
      },
    );
    expect(next.items.map(({ id }) => id)).toEqual(['3', '1']);
    expect(next.total).toBe(3);
  });

  test('while rows are held, known ones change in place and none comes or moves', () => {
    const next = withChanges(
      page(row('1'), row('2')),
      rows(row('2', { attempts: 9, lastAttemptAt: '2026-05-05T11:59:00Z' }), row('3')),
      { limit: 2, insert: false },
    );
    expect(next.items.map(({ id, attempts }) => [id, attempts])).toEqual([
      ['1', 1],
      ['2', 9],
    ]);
  });

  test('a resolved row stays, marked, and a resolved stranger does not come', () => {
    const next = withChanges(
      page(row('1')),
      rows(row('1', { state: 'resolved' }), row('2', { state: 'resolved' })),
      {
        limit: 5,
        insert: true,
      },
    );
    expect(next.items.map(({ id, state }) => [id, state])).toEqual([['1', 'resolved']]);
  });

  test('deleted rows leave, and only they are counted off', () => {
    expect(withoutRows(page(row('1'), row('2')), ['2', 'elsewhere'])).toMatchObject({ total: 1 });
  });

  test('rows are only put on top of the first page in the default order', () => {
    expect(isNewestFirst(view(''))).toBe(true);
    for (const search of ['sort=clientId', 'cursor=x', 'group=reason', 'to=2026-01-01T00:00:00.000Z']) {
      expect(isNewestFirst(view(search))).toBe(false);
    }
  });

  test('what is no event is passed over', () => {
    for (const data of ['', '{', 'null', '"rows"', 7]) expect(parseEvent(data)).toBeNull();
  });

  test('retries wait longer and longer, within bounds', () => {
    expect(retryDelayMs(0, 0)).toBe(500);
    expect(retryDelayMs(50, 1)).toBe(30_000);
  });
});

describe('selection', () => {
  test('all matching but some, without naming any', () => {
    const all = withRows({ mode: 'all', except: new Set() }, ['2'], false);
    expect(isSelected(all, '2')).toBe(false);
    expect(isSelected(all, 'on another page')).toBe(true);
    expect(selectedCount(all, 12_345)).toBe(12_344);
    expect(selectedCount(withRows(all, ['2'], true), 12_345)).toBe(12_345);
  });

  test('a range goes from the row touched before, in either direction', () => {
    expect(between(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c']);
    expect(between(['a', 'b'], 'gone', 'b')).toEqual(['b']);
    expect(selectedCount(withRows(NOTHING_SELECTED, ['a', 'b'], true), 9)).toBe(2);
  });
});

describe('what is kept in the browser', () => {
  test('damaged or foreign column settings never break the table', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"order":[1,"evil"],"hidden":"x","widths":{"ip":"wide","evil":9}}',
    ]) {
      expect(parseColumnPrefs(text)).toEqual({ order: COLUMN_IDS, hidden: [], widths: {} });
    }
    expect(parseColumnPrefs('{"order":["reason"],"widths":{"ip":99999}}')).toMatchObject({
      order: ['reason', ...COLUMN_IDS.filter((id) => id !== 'reason')],
      widths: { ip: 640 },
    });
  });

  test('columns move by steps and by dragging', () => {
    expect(moved(['ip', 'reason'], 'reason', -1)).toEqual(['reason', 'ip']);
    expect(moved(['ip', 'reason'], 'ip', -1)).toEqual(['ip', 'reason']);
    expect(movedTo(['clientId', 'ip', 'reason'], 'clientId', 'reason')).toEqual(['ip', 'reason', 'clientId']);
    expect(movedTo(['clientId', 'ip', 'reason'], 'reason', 'clientId')).toEqual(['reason', 'clientId', 'ip']);
  });

  test('a saved view keeps the filters and drops where one was', () => {
    expect(searchToSave('reason=X&cursor=c&at=t&open=1&sort=ip')).toBe('reason=X&sort=ip');
    expect(parseSavedViews('[{"name":"a","search":"b"},{"name":1}]')).toEqual([{ name: 'a', search: 'b' }]);
    expect(withView([{ name: 'a', search: 'old' }], { name: 'a', search: 'new' })).toEqual([
      { name: 'a', search: 'new' },
    ]);
  });
});

describe('the ready command', () => {
  test('a shell gives back exactly what was quoted, whatever the client called itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\u0000'));
        const said = execFileSync('/bin/bash', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' });
        expect(said).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test('characters that cannot be seen are written as escapes', () => {
    expect(shellQuote('a\u202Eb')).toBe(String.raw`$'a\xe2\x80\xaeb'`);
  });
});

describe('the timeline', () => {
  test('every attempt is in one bar, the first and the last at the ends', () => {
    const bars = timelineBars([1_000, 2_000, 49_000]);
    expect(bars?.counts.reduce((a, b) => a + b)).toBe(3);
    expect([bars?.counts[0], bars?.counts.at(-1)]).toEqual([1, 1]);
    expect(timelineBars([1])).toBeNull();
  });

  test.each([
    [60, 0.95, 'clockwork'],
    [60, 0.6, 'steady'],
    [60, 0.1, 'irregular'],
    [0.1, 1, 'burst'],
  ] as const)('%d s at regularity %d is %s', (medianSeconds, regularity, kind) => {
    expect(rhythmOf({ medianSeconds, regularity }).kind).toBe(kind);
  });
});
