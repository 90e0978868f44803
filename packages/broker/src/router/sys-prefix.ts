import type { Access, AccessAnswer, Qos } from '@gatehouse/auth-core';

/** Where the server publishes about itself. */
export const SYS_PREFIX = '$SYS/';

const IN_THE_SERVERS_NAME: AccessAnswer = { allowed: false, rule: null, by: 'no-match', ask: false };

/** Whether a client may publish to a topic: by its rules, and never in the server's name. */
export const publishAnswer = (access: Access, topic: string, qos: Qos, retain: boolean): AccessAnswer =>
  topic.startsWith(SYS_PREFIX) ? IN_THE_SERVERS_NAME : access.publish(topic, qos, retain);
