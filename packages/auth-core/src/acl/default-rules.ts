import type { AclRule } from './rule.ts';

/**
 * Publish and subscribe everything outside `$`: `#` never matches a topic whose first level begins with `$`
 * ([MQTT-4.7.2-1]). Written into a credential at its creation where no rules are given (auth.md §7).
 */
export const DEFAULT_RULES: readonly AclRule[] = [{ permission: 'allow', action: 'all', topic: '#' }];
