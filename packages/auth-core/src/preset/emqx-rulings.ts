import type { ReasonCode } from '../reasons/index.ts';
import type { StepPolicy } from '../settle.ts';

type Rulings = NonNullable<StepPolicy['rulings']>;

const rulings = (deny: readonly ReasonCode[], ignore: readonly ReasonCode[]): Rulings =>
  new Map([
    ...deny.map((reason) => [reason, 'deny'] as const),
    ...ignore.map((reason) => [reason, 'ignore'] as const),
  ]);

const DOWN: readonly ReasonCode[] = ['SOURCE_UNREACHABLE', 'SOURCE_TIMEOUT'];
/** Where a plugin runs into an exception, EMQX 4.3 goes on to the next (reference/emqx.md §1.1). */
const THREW: readonly ReasonCode[] = ['SOURCE_PASSWORD_MISSING', 'SOURCE_SALT_MISSING', 'SOURCE_BAD_RESULT'];

/** What each type of plugin made of a backend that was down and of what it could not read: no two alike. */
const BY_TYPE: ReadonlyMap<string, Rulings> = new Map([
  ['mysql', rulings(DOWN, THREW)],
  ['postgresql', rulings([], [...DOWN, ...THREW])],
  ['redis', rulings([], [...DOWN, ...THREW])],
  ['mongodb', rulings([...DOWN, 'SOURCE_BAD_RESULT'], ['SOURCE_PASSWORD_MISSING', 'SOURCE_SALT_MISSING'])],
  [
    'ldap',
    rulings(
      ['LDAP_UNREACHABLE', 'LDAP_TIMEOUT'],
      ['LDAP_PASSWORD_MISSING', 'LDAP_HASH_MISSING', 'LDAP_BAD_RESULT'],
    ),
  ],
  ['http', rulings(['HTTP_UNREACHABLE', 'HTTP_TIMEOUT', 'HTTP_BAD_RESPONSE'], [])],
]);

const NONE: Rulings = new Map();

/**
 * The result matrix of EMQX 4.3 for an authenticator of this type, `plain` when it compares passwords as they are stored:
 * then an absent one is refused rather than stumbled over.
 */
export function rulingsOfEmqx43(type: string, plain: boolean): Rulings {
  const found = BY_TYPE.get(type) ?? NONE;
  return plain ? new Map([...found, ['SOURCE_PASSWORD_MISSING', 'deny']]) : found;
}
