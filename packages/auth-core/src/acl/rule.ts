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
}
