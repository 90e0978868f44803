'use client';

import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Clock,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import { useText } from '@/lib/i18n';
import { Badge, type BadgeTone } from './badge';

export type Outcome = 'allow' | 'deny' | 'ignore' | 'error' | 'busy' | 'not-asked';

const LOOK: Readonly<Record<Outcome, readonly [BadgeTone, LucideIcon]>> = {
  allow: ['accepted', CircleCheck],
  deny: ['refused', CircleX],
  ignore: ['ignored', CircleSlash],
  error: ['refused', TriangleAlert],
  busy: ['ignored', Clock],
  'not-asked': ['neutral', CircleDashed],
};

/** What one step of the chain (or all of it) said: colour, icon and word. */
export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const t = useText('common');
  const [tone, Icon] = LOOK[outcome];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}
