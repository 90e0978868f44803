import type { DemoCredential } from './faults.ts';

/** A client that is well: it connects and publishes. */
export interface WellDevice {
  readonly clientId: string;
  readonly address: string;
  readonly protocolVersion: 4 | 5;
  readonly topic: string;
  readonly subscribes: string;
  readonly everySeconds: number;
  readonly credential: DemoCredential;
}

const KINDS = [
  { kind: 'pump', site: 'waterworks', unit: 'flow' },
  { kind: 'valve', site: 'waterworks', unit: 'position' },
  { kind: 'boiler', site: 'plant-a', unit: 'temperature' },
  { kind: 'meter', site: 'plant-a', unit: 'power' },
  { kind: 'forklift', site: 'warehouse', unit: 'battery' },
  { kind: 'sensor', site: 'greenhouse', unit: 'humidity' },
] as const;

/** Wells come from 127.0.0.10 … 127.0.0.19. */
const FIRST_ADDRESS = 10;
const ADDRESSES = 10;

/** The client IDs of the fleet. */
export const WELL_CLIENT_ID = /^(pump|valve|boiler|meter|forklift|sensor)-[a-z-]+-\d\d$/;

/** `count` devices of several kinds, each with a credential of its own. */
export function wellFleet(count: number): readonly WellDevice[] {
  return Array.from({ length: count }, (_, index): WellDevice => {
    const { kind, site, unit } = KINDS[index % KINDS.length] ?? KINDS[0];
    const number = String(Math.floor(index / KINDS.length) + 1).padStart(2, '0');
    const clientId = `${kind}-${site}-${number}`;
    return {
      clientId,
      address: `127.0.0.${FIRST_ADDRESS + (index % ADDRESSES)}`,
      protocolVersion: index % 3 === 0 ? 4 : 5,
      topic: `${site}/${kind}/${number}/${unit}`,
      subscribes: `${site}/${kind}/+/${unit}`,
      everySeconds: 2 + (index % 5),
      credential: {
        key: clientId,
        name: `${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)} ${number}, ${site}`,
        username: clientId,
        ...(index % 4 === 0 ? { clientId } : {}),
        rules: [
          { permission: 'allow', action: 'publish', topic: `${site}/${kind}/${number}/#` },
          { permission: 'allow', action: 'subscribe', topic: `${site}/#` },
        ],
      },
    };
  });
}
