import type { Access } from '@gatehouse/auth-core';

/** Where the server publishes about itself. */
export const SYS_PREFIX = '$SYS/';

/** Whether a client may publish to a topic: by its rules, and never in the server's name. */
export const mayPublish = (access: Access, topic: string): boolean =>
  !topic.startsWith(SYS_PREFIX) && access.publish(topic).allowed;
