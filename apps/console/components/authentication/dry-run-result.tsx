'use client';

import type { DryRunDto } from '@gatehouse/contract';
import { CircleCheck, CircleHelp, CircleX, Equal, TriangleAlert } from 'lucide-react';
import { Badge, type BadgeTone } from '@/components/ui/badge';
import { ClientText } from '@/components/ui/client-text';
import { Notice } from '@/components/ui/states';
import { useFormat, useText } from '@/lib/i18n';

type Attempt = DryRunDto['attempts']['items'][number];
type Session = DryRunDto['sessions']['items'][number];
type Outcome = Attempt['outcome'] | 'stays' | 'leaves';

const LOOK: Readonly<Record<Outcome, { readonly tone: BadgeTone; readonly icon: typeof Equal }>> = {
  same: { tone: 'neutral', icon: Equal },
  admitted: { tone: 'accepted', icon: CircleCheck },
  'other-reason': { tone: 'refused', icon: CircleX },
  'cannot-tell': { tone: 'ignored', icon: CircleHelp },
  stays: { tone: 'neutral', icon: Equal },
  leaves: { tone: 'refused', icon: CircleX },
};
const SESSION_OUTCOME: Readonly<Record<Session['outcome'], Outcome>> = {
  admitted: 'stays',
  refused: 'leaves',
  'cannot-tell': 'cannot-tell',
};

/** It comes below what was asked, often out of sight. */
const intoView = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' });

/** What the draft would have decided: the sums, then those that would fare otherwise. */
export function DryRunResult({ run }: { readonly run: DryRunDto }) {
  const { formatNumber } = useFormat();
  const t = useText('authentication');
  const { attempts, sessions } = run;
  return (
    <div ref={intoView} role="status" className="flex scroll-mb-20 flex-col gap-4">
      <BackendsDown run={run} />
      <section aria-labelledby="dry-attempts" className="flex flex-col gap-2">
        <h3 id="dry-attempts" className="font-semibold">
          {t('dryRun.attempts', { count: attempts.examined })}
        </h3>
        <p className="text-sm text-muted">
          {t('dryRun.attemptSums', {
            same: formatNumber(attempts.same),
            admitted: formatNumber(attempts.admitted),
            other: formatNumber(attempts.otherReason),
            unknown: formatNumber(attempts.cannotTell),
          })}
        </p>
        <Clients
          items={attempts.items.map((item) => ({
            id: item.id,
            item,
            outcome: item.outcome,
            was: item.reason,
          }))}
        />
      </section>
      <section aria-labelledby="dry-sessions" className="flex flex-col gap-2">
        <h3 id="dry-sessions" className="font-semibold">
          {t('dryRun.sessions', { count: sessions.examined })}
        </h3>
        <p className="text-sm text-muted">
          {t('dryRun.sessionSums', {
            admitted: formatNumber(sessions.admitted),
            refused: formatNumber(sessions.refused),
            unknown: formatNumber(sessions.cannotTell),
          })}{' '}
          {sessions.more && t('dryRun.more')}
        </p>
        <Clients
          items={sessions.items.map((item) => ({
            id: item.clientId ?? '',
            item,
            outcome: SESSION_OUTCOME[item.outcome],
            was: null,
          }))}
        />
      </section>
    </div>
  );
}

/** Reasons by which an authenticator says that it could not find out. */
const COULD_NOT_TELL = /_(?:UNREACHABLE|TIMEOUT|UNAVAILABLE|BAD_RESPONSE|BAD_RESULT)$|^AUTHENTICATOR_ERROR$/;

/** Says whose backend kept the dry run from finding out: what it shows is not what the draft would mean otherwise. */
function BackendsDown({ run: { attempts, sessions } }: { readonly run: DryRunDto }) {
  const t = useText('authentication');
  const failing = [...attempts.items, ...sessions.items].filter(({ wouldBe }) =>
    COULD_NOT_TELL.test(wouldBe ?? ''),
  );
  const names = [...new Set(failing.map(({ by }) => by))];
  if (names.length === 0) return null;
  return (
    <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
      {t('dryRun.backendDown', { names: names.join(', '), count: names.length })}
    </Notice>
  );
}

interface ClientLine {
  readonly id: string;
  readonly item: Attempt | Session;
  readonly outcome: Outcome;
  /** The reason that it was refused for. */
  readonly was: string | null;
}

function Clients({ items }: { readonly items: readonly ClientLine[] }) {
  return (
    <ul className="max-h-64 divide-y divide-line overflow-y-auto rounded-md border border-line empty:hidden">
      {items.map((line) => (
        <Client key={line.id} line={line} />
      ))}
    </ul>
  );
}

function Client({ line: { item, outcome, was } }: { readonly line: ClientLine }) {
  const t = useText('authentication');
  const reasons = useText('reasons');
  const { tone, icon: Icon } = LOOK[outcome];
  const title = (code: string): string => (reasons.has(code) ? reasons(code) : code);
  const told =
    outcome === 'cannot-tell'
      ? t(`dryRun.why.${item.why ?? 'secret-not-kept'}`, { by: item.by })
      : outcome === 'other-reason' && was !== null && item.wouldBe !== null
        ? t('dryRun.instead', { was: title(was), now: title(item.wouldBe) })
        : item.wouldBe === null
          ? t('dryRun.by', { by: item.by })
          : title(item.wouldBe);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
      <Badge tone={tone} icon={<Icon aria-hidden />}>
        {t(`dryRun.outcome.${outcome}`)}
      </Badge>
      <span className="mono flex min-w-0">
        <ClientText text={item.clientId ?? ''} />
      </span>
      <span className="text-xs text-muted">
        {told}
        {item.standing === 'inference' && ` · ${t('dryRun.inferred')}`}
      </span>
    </li>
  );
}
