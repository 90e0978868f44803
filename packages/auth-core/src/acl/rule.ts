export type AclAction = 'publish' | 'subscribe' | 'all';

/**
 * One access rule of a credential. `topic` is an MQTT topic filter in which `%u`, `%c`, `${username}`, `${clientid}`
 * and `${cn}` each stand for one literal level (auth.md §7); `literal: true` compares the text as it is (`eq`).
 */
export interface AclRule {
  readonly permission: 'allow' | 'deny';
  readonly action: AclAction;
  readonly topic: string;
  readonly literal?: boolean;
  /** Only what is published, or subscribed to, with one of these; absent: with any. */
  readonly qos?: readonly Qos[];
  /** Only what is published with RETAIN set, or with it unset; says nothing about subscriptions. */
  readonly retain?: boolean;
  /** The rule of the global list that it is a part of. */
  readonly ruleId?: string;
}

export type Qos = 0 | 1 | 2;
