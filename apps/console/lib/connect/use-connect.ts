import type { StartStatusDto } from '@gatehouse/contract';
import { useState } from 'react';
import { targetsOf, type Security, type Target } from './targets';

/** The way that the commands of a page take, chosen once for all of them. */
export interface Connect {
  readonly targets: readonly Target[];
  readonly target: Target;
  readonly choose: (security: Security) => void;
}

export function useConnect(mqtt: StartStatusDto['mqtt']): Connect {
  const [chosen, choose] = useState<Security | null>(null);
  const { targets, preferred } = targetsOf(mqtt);
  return { targets, target: targets.find(({ security }) => security === chosen) ?? preferred, choose };
}
