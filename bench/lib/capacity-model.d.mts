export interface Profile {
  readonly devices: number;
  readonly messagesPerMinute: number;
  readonly reliableShare: number;
  readonly keptShare: number;
  readonly queuedEach: number;
  readonly connectsPerDay: number;
  readonly refusedPerSecond: number;
  readonly chosenPasswords?: boolean;
  readonly nodesMin?: number;
}

interface Parts {
  readonly nodeUs: number;
  readonly postgresUs: number;
  readonly natsUs: number;
}

export interface Costs {
  readonly single: {
    readonly connectUs: number;
    readonly refusedUs: number;
    readonly qos0Us: number;
    readonly qos1Us: number;
    readonly credentialBytes: number;
  };
  readonly house: {
    readonly connectNodeUs: number;
    readonly connectPostgresUs: number;
    readonly refusedNodeUs: number;
    readonly refusedPostgresUs: number;
    readonly credentialBytes: number;
  };
  readonly idle: { readonly nodeCores: number; readonly postgresCores: number; readonly natsCores: number };
  readonly local: { readonly qos0: Parts; readonly qos1: Parts };
  readonly across: { readonly qos0: Parts; readonly qos1: Parts };
  readonly connectArgon2idUs: number;
  readonly connectionKiB: number;
  readonly keptSessionKiB: number;
  readonly queuedMessageBytes: number;
  readonly queuedMessageDiskBytes: number;
  readonly emptyMiB: number;
}

export interface Capacity {
  readonly nodes: number;
  readonly houses: number;
  readonly messagesPerSecond: number;
  readonly nodeCores: number;
  readonly nodeGiB: number;
  readonly postgresCores: number;
  readonly natsCores: number;
  readonly diskGiB: number;
  readonly allBackSeconds: number;
  readonly first: string;
  readonly share: number;
}

export const ROOM: Readonly<
  Record<'nodeCores' | 'nodeGiB' | 'postgresCores' | 'natsCores' | 'hashThreads', number>
>;
export function capacityOf(profile: Profile, costs: Costs): Capacity;
