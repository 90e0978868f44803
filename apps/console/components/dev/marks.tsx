'use client';

import { Cpu, ShieldX } from 'lucide-react';
import { Badge, type BadgeTone } from '@/components/ui/badge';
import { ClientText } from '@/components/ui/client-text';
import { CodeBlock, CopyButton, Kbd } from '@/components/ui/copy';
import { DetailList } from '@/components/ui/detail-list';
import { GuideLink } from '@/components/ui/guide-link';
import { OutcomeBadge, type Outcome } from '@/components/ui/outcome';
import { Fact, Facts } from '@/components/ui/page';
import { ProtocolName } from '@/components/ui/protocol-name';
import { FamilyChip, ReasonChip } from '@/components/ui/reason-chip';
import { DrawnIcon } from '@/components/ui/drawn-icon';
import { Sparkline } from '@/components/ui/sparkline';
import { Stat } from '@/components/ui/stat';
import { AbsoluteTime, Day, RelativeTime } from '@/components/ui/time';
import { VisibleParts } from '@/components/ui/visible-parts';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { visibleText } from '@/lib/visible-text';
import { Shelf, Specimen } from './shelf';

const TONES: readonly BadgeTone[] = ['neutral', 'accent', 'refused', 'accepted', 'ignored'];
const OUTCOMES: readonly Outcome[] = ['allow', 'deny', 'ignore', 'error', 'busy', 'not-asked'];
const FAMILIES = [
  'basic',
  'scram',
  'x509',
  'tls',
  'jwt',
  'http',
  'ldap',
  'source',
  'policy',
  'protocol',
] as const;
const HOSTILE = '<b>pump</b>\u202E7\u200B\t';
const TREND = [2, 3, 3, 5, 4, 8, 12, 9, 14, 21];

/** What says something and is not acted upon. */
export function Marks({ at }: { readonly at: string }) {
  return (
    <>
      <Shelf title="Badges and chips">
        <Specimen of="tones">
          {TONES.map((tone) => (
            <Badge key={tone} tone={tone} icon={<Cpu aria-hidden />}>
              {tone}
            </Badge>
          ))}
        </Specimen>
        <Specimen of="outcomes">
          {OUTCOMES.map((outcome) => (
            <OutcomeBadge key={outcome} outcome={outcome} />
          ))}
        </Specimen>
        <Specimen of="families">
          {FAMILIES.map((family) => (
            <FamilyChip key={family} family={family} />
          ))}
        </Specimen>
        <Specimen of="reason, and one that this console does not know">
          <ReasonChip code="BASIC_PASSWORD_MISMATCH" />
          <ReasonChip code="FROM_THE_FUTURE" />
        </Specimen>
        <Specimen of="protocol, known, unknown, none">
          <ProtocolName protocol={5} />
          <ProtocolName protocol={9} />
          <ProtocolName protocol={null} />
        </Specimen>
      </Shelf>
      <Shelf title="A stranger’s text">
        <Specimen of="plain, empty, absent">
          <ClientText text="pump-7" />
          <ClientText text="" />
          <ClientText text={null} />
        </Specimen>
        <Specimen of="with what is not seen; cut; a sentence around it">
          <ClientText text={HOSTILE} />
          <ClientText text={'pump-station-'.repeat(12)} max={24} expandable />
          <VisibleSentence text={`The client ${HOSTILE} was refused`} />
          <VisibleParts parts={visibleText(HOSTILE, 40).parts} />
        </Specimen>
        <Specimen of="to be copied, and to be read on">
          <code className="mono text-sm">pump-7</code>
          <CopyButton text="pump-7" />
          <Kbd>⌘</Kbd>
          <Kbd>K</Kbd>
          <GuideLink page="unauthorized" />
        </Specimen>
        <CodeBlock
          code={'mosquitto_pub -i pump-7 -u plant -P "$SECRET" -t plant/pump-7 -m on'}
          label="mosquitto_pub"
        />
      </Shelf>
      <Shelf title="Numbers and times">
        <div className="grid gap-4 sm:grid-cols-3">
          <Stat
            label="Refused"
            value="775"
            unit="in 1 h"
            tone="refused"
            icon={<ShieldX aria-hidden />}
            trend={<Sparkline values={TREND} />}
          />
          <Stat label="Accepted" value="26" tone="accepted" note="1 / min now" href="/clients" />
          <Stat label="Ratio" value="96.8%" change="+2.1" tone="ignored" />
        </div>
        <Specimen of="an icon of one path">
          <DrawnIcon path="M10 11v6M14 11v6M3 6h18" className="size-4" />
        </Specimen>
        <Specimen of="relative, absolute, a day">
          <RelativeTime iso={at} />
          <AbsoluteTime iso={at} />
          <Day iso={at} />
        </Specimen>
        <Facts>
          <Fact label="Client ID">pump-7</Fact>
          <Fact label="Listener">tls</Fact>
        </Facts>
        <DetailList detail={{ matchedBy: 'username', failures: 3 }} />
      </Shelf>
    </>
  );
}
