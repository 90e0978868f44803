import type { Family } from '@gatehouse/auth-core/reasons';
import {
  Ban,
  Braces,
  Cable,
  Database,
  FileBadge,
  Fingerprint,
  Globe,
  KeyRound,
  ShieldAlert,
  Users,
  type LucideIcon,
} from 'lucide-react';

interface FamilyLook {
  readonly icon: LucideIcon;
  /** Class that sets the text colour. */
  readonly text: string;
  /** Class that sets the background colour, for swatches and bars. */
  readonly fill: string;
  /** CSS variable, for what draws on a canvas. */
  readonly variable: string;
}

/** How each family of reasons looks, wherever it is shown. Class names are whole, so that Tailwind finds them. */
export const FAMILY_LOOK: Readonly<Record<Family, FamilyLook>> = {
  basic: {
    icon: KeyRound,
    text: 'text-family-basic',
    fill: 'bg-family-basic',
    variable: '--color-family-basic',
  },
  x509: {
    icon: FileBadge,
    text: 'text-family-x509',
    fill: 'bg-family-x509',
    variable: '--color-family-x509',
  },
  scram: {
    icon: Fingerprint,
    text: 'text-family-scram',
    fill: 'bg-family-scram',
    variable: '--color-family-scram',
  },
  jwt: { icon: Braces, text: 'text-family-jwt', fill: 'bg-family-jwt', variable: '--color-family-jwt' },
  http: { icon: Globe, text: 'text-family-http', fill: 'bg-family-http', variable: '--color-family-http' },
  source: {
    icon: Database,
    text: 'text-family-source',
    fill: 'bg-family-source',
    variable: '--color-family-source',
  },
  ldap: { icon: Users, text: 'text-family-ldap', fill: 'bg-family-ldap', variable: '--color-family-ldap' },
  tls: { icon: ShieldAlert, text: 'text-family-tls', fill: 'bg-family-tls', variable: '--color-family-tls' },
  policy: {
    icon: Ban,
    text: 'text-family-policy',
    fill: 'bg-family-policy',
    variable: '--color-family-policy',
  },
  protocol: {
    icon: Cable,
    text: 'text-family-protocol',
    fill: 'bg-family-protocol',
    variable: '--color-family-protocol',
  },
};

/** Order in which families are stacked, listed and coloured. */
export const FAMILY_ORDER: readonly Family[] = [
  'basic',
  'policy',
  'protocol',
  'tls',
  'x509',
  'scram',
  'jwt',
  'http',
  'source',
  'ldap',
];

/** The family of that name, or null. */
export const familyFrom = (name: string): Family | null =>
  FAMILY_ORDER.find((family) => family === name) ?? null;
