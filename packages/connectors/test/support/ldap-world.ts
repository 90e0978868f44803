import {
  createLdap,
  filterOf,
  parseLdapTemplate,
  Secret,
  type Attempt,
  type LdapTemplate,
  type Verdict,
} from '@gatehouse/auth-core';
import type { Hashing } from '@gatehouse/hashing';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createLdapDirectory, type LdapDirectoryOptions, type RunningLdapDirectory } from '../../src/ldap.ts';
import { DEVICES, ROOT, startSlapd, type Slapd } from './slapd.ts';
import { brief, countingBudget, startHashing } from './world.ts';

const template = (text: string): LdapTemplate => {
  const parsed = parseLdapTemplate(text);
  if ('unknown' in parsed) throw new Error(parsed.unknown);
  return parsed;
};

/** What differs from the directory and the authenticator of the tests. */
export interface LdapWorldOptions extends Partial<LdapDirectoryOptions> {
  readonly base?: string;
  readonly filter?: string;
  readonly bindAsUser?: boolean;
}

/** One OpenLDAP with `entries` for a suite, and authenticators over it that are closed after each test. */
export function useSlapd(entries: string): LdapWorld {
  let slapd: Slapd;
  let hashing: Hashing;
  const opened: RunningLdapDirectory[] = [];

  const directoryOf = (options: Partial<LdapDirectoryOptions> = {}): RunningLdapDirectory => {
    const directory = createLdapDirectory({
      servers: [{ host: '127.0.0.1', port: slapd.port }],
      security: 'none',
      tls: undefined,
      bindDn: ROOT.dn,
      bindPassword: new Secret(ROOT.password),
      scope: 'sub',
      attributes: [
        'userPassword',
        'isEnabled',
        'mqttPublishTopic',
        'mqttSubscriptionTopic',
        'mqttPubSubTopic',
      ],
      poolSize: 4,
      connectTimeoutMs: 5_000,
      queryTimeoutMs: 5_000,
      ...options,
    });
    opened.push(directory);
    return directory;
  };
  const authenticatorOf = ({
    base = DEVICES,
    filter = '(uid=${username})',
    bindAsUser = false,
    ...rest
  }: LdapWorldOptions = {}) => {
    const budget = countingBudget();
    const directory = directoryOf(rest);
    const authenticator = createLdap({
      name: 'directory',
      directory,
      search: { base: template(base), filter: filterOf('mqttUser', template(filter)) },
      attributes: {
        password: bindAsUser ? '' : 'userPassword',
        enabled: 'isEnabled',
        publish: 'mqttPublishTopic',
        subscribe: 'mqttSubscriptionTopic',
        publishAndSubscribe: 'mqttPubSubTopic',
      },
      bindAsUser,
      verifier: hashing.verifier,
      budget,
    });
    return { budget, directory, check: (attempt: Attempt) => Promise.resolve(authenticator.check(attempt)) };
  };
  const asked = async (options: LdapWorldOptions, attempt: Attempt): Promise<string> =>
    brief(await authenticatorOf(options).check(attempt));

  beforeAll(async () => {
    hashing = startHashing();
    slapd = await startSlapd(entries);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await hashing.close();
    await slapd.stop();
  });

  return { slapd: () => slapd, directoryOf, authenticatorOf, asked };
}

export interface LdapWorld {
  readonly slapd: () => Slapd;
  readonly directoryOf: (options?: Partial<LdapDirectoryOptions>) => RunningLdapDirectory;
  readonly authenticatorOf: (options?: LdapWorldOptions) => {
    readonly budget: ReturnType<typeof countingBudget>;
    readonly directory: RunningLdapDirectory;
    readonly check: (attempt: Attempt) => Promise<Verdict>;
  };
  /** Outcome and reason of one attempt. */
  readonly asked: (options: LdapWorldOptions, attempt: Attempt) => Promise<string>;
}
