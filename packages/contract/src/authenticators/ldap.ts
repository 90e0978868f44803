import { z } from 'zod';
import { backendShape, secretText, stepShape } from './common.ts';
import { connectionShape, serverAddresses } from './source.ts';

const DN_CHARS_MAX = 1_024;
const FILTER_CHARS_MAX = 4_096;

/** An attribute description without options (RFC 4512 §2.5); empty where there is none. */
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]{0,63})?$/;

const attribute = (doc: string, fallback: string) =>
  z
    .string()
    .regex(ATTRIBUTE, { error: 'the name of an attribute: letters, digits and hyphens' })
    .default(fallback)
    .describe(doc);

/** Settings of an authenticator of type `ldap`: a directory. */
export const ldapSettings = z.strictObject({
  type: z.literal('ldap'),
  ...stepShape,
  ...backendShape,
  ...connectionShape,
  servers: serverAddresses('127.0.0.1').describe(
    'Servers, `host` or `host:port` each, tried in this order. Without a port 389, or 636 where TLS is spoken from the first byte on.',
  ),
  start_tls: z
    .boolean()
    .default(false)
    .describe(
      'With `tls.enabled`: connect in the clear and ask for TLS (STARTTLS) rather than speak it from the first byte on (LDAPS).',
    ),
  bind_dn: z
    .string()
    .max(DN_CHARS_MAX)
    .default('')
    .describe('Account that searches; empty: nobody logs in for that.'),
  bind_password: secretText('Its password.').default(''),
  base_dn: z
    .string()
    .min(1)
    .max(DN_CHARS_MAX)
    .describe(
      'Where the search begins. Placeholders `${username}` `${clientid}` `${cn}` `${subject}` `${ip}`, or EMQX’s `%u` `%c` `%C` `%d` `%a`, stand for one value each, escaped.',
    ),
  scope: z
    .enum(['base', 'one', 'sub'])
    .default('sub')
    .describe('That entry alone, those right below it, or the whole subtree.'),
  object_class: attribute('Class that the entry must have; empty: any.', 'mqttUser'),
  filter: z
    .string()
    .max(FILTER_CHARS_MAX)
    .default('')
    .describe(
      'What else must hold for the entry, as RFC 4515 writes it, with the same placeholders: `(uid=${username})`.',
    ),
  bind_as_user: z
    .boolean()
    .default(false)
    .describe(
      'Let the directory check the password, by a login as the entry, instead of comparing with the stored one.',
    ),
  password_attribute: attribute(
    'Stored passwords, `{SSHA}…` and the like; without meaning under `bind_as_user`.',
    'userPassword',
  ),
  enabled_attribute: attribute(
    'Says whether the account is in use: `TRUE`, anything else disables; an entry without it is.',
    'isEnabled',
  ),
  publish_attribute: attribute('Topic filters that the client may publish to.', 'mqttPublishTopic'),
  subscribe_attribute: attribute('Topic filters that the client may subscribe to.', 'mqttSubscriptionTopic'),
  pubsub_attribute: attribute('Topic filters for both.', 'mqttPubSubTopic'),
});
export type LdapSettings = z.output<typeof ldapSettings>;
