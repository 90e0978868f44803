/** Whose clock absolute times are told by. */
export const ZONE_CHOICES = ['browser', 'server', 'utc'] as const;
export type ZoneChoice = (typeof ZONE_CHOICES)[number];

export interface Zone {
  readonly choice: ZoneChoice;
  /** IANA name. */
  readonly name: string;
}

export const ZONE_COOKIE = 'gatehouse-zone';

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const zoneCookieValue = ({ choice, name }: Zone): string =>
  choice === 'browser' ? encodeURIComponent(`browser:${name}`) : choice;
