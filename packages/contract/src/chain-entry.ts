import { z } from 'zod';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
/** Members of one `require` group. */
const GROUP_MEMBERS_MAX = 8;

/** Name of an authenticator or chain: it is in traces and in labels of metrics. */
export const authName = z
  .string()
  .regex(NAME, { error: '1 to 32 lower-case letters, digits, "-" and "_", the first a letter or digit' });

/** What ties the members of a group together (auth-core holds what each means). */
export const groupBind = z.enum([
  'cn_username',
  'cn_clientid',
  'san_username',
  'san_clientid',
  'same_username',
  'none',
]);

/** A group whose members must all allow; it comes last, for it decides about everybody. */
const requireGroup = z
  .object({
    require: z.array(authName).min(2).max(GROUP_MEMBERS_MAX),
    /** The member whose principal is the session's; default: the last. */
    identity: authName.optional(),
    /** Default: `cn_username` with a member of type x509, else `same_username`. */
    bind: groupBind.optional(),
  })
  .strict();

/** Name of an authenticator, or a group of them. */
export const chainEntry = z.union([authName, requireGroup]);
export type ChainEntryDto = z.infer<typeof chainEntry>;
