import type { Role } from '@gatehouse/contract';

/** From most to least. */
export const ROLES: readonly Role[] = ['owner', 'admin', 'operator', 'viewer'];

/** Anything unknown is the least. */
export const roleFrom = (text: string): Role => ROLES.find((role) => role === text) ?? 'viewer';
