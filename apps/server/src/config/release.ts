import { chainProblems } from '@gatehouse/auth-core';
import { setupOfConfig } from '../data/auth-setup.ts';
import { readAuthenticator } from '../data/authenticators/kinds.ts';
import type { ConfigProblem, OriginOf } from './problem.ts';
import { oidcFits } from './release-oidc.ts';
import { proxiedFits, tlsFits } from './release-tls.ts';
import type { Config } from './schema.ts';

type Refusal = Pick<ConfigProblem, 'path' | 'found' | 'accepted'>;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Several nodes share a database, and their sessions are in it. */
function severalFit(config: Config): Refusal[] {
  if (config.bus_url.reveal() === '') return [];
  const out: Refusal[] = [];
  if (config.database_url.reveal() === '')
    out.push({
      path: 'bus_url',
      found: 'a URL, and no database_url',
      accepted: 'empty, or a database_url that all nodes have',
    });
  if (config.journal !== 'disk')
    out.push({ path: 'journal', found: config.journal, accepted: 'disk, for several nodes' });
  return out;
}

function authenticators(config: Config): Refusal[] {
  return Object.entries(config.auth.authenticators).flatMap(([name, raw]) => {
    const read = readAuthenticator(raw);
    if (!('problems' in read)) return [];
    const at = `auth.authenticators.${name}`;
    return read.problems.map(({ path, found, accepted }) => ({
      path: path === '' ? at : `${at}.${path}`,
      found,
      accepted,
    }));
  });
}

function chainsFit(config: Config): Refusal[] {
  const out: Refusal[] = [];
  const { authenticators } = setupOfConfig(config);
  const typeOf = (name: string): string | undefined =>
    Object.hasOwn(authenticators, name) ? authenticators[name]?.type : undefined;
  for (const [chain, entries] of Object.entries(config.auth.chains)) {
    for (const { path, ...problem } of chainProblems(entries, Object.keys(authenticators), typeOf)) {
      const at = `auth.chains.${chain}`;
      out.push({ ...problem, path: path.includes('.') ? `${at}.${path}` : at });
    }
  }
  for (const [name, listener] of Object.entries(config.listeners)) {
    if (!listener.enabled || Object.hasOwn(config.auth.chains, listener.chain)) continue;
    out.push({
      path: `listeners.${name}.chain`,
      found: listener.chain,
      accepted: `a chain of auth.chains: ${Object.keys(config.auth.chains).join(', ')}`,
    });
  }
  return out;
}

function safeWeb(config: Config): Refusal[] {
  const out: Refusal[] = [];
  for (const name of ['api', 'console'] as const) {
    const { host, tls, insecure } = config[name];
    if ((tls.key === '') !== (tls.cert === '')) {
      out.push({ path: `${name}.tls`, found: 'one of key and cert', accepted: 'both, or neither' });
    }
    if (name === 'console' && !config.console.enabled) continue;
    if (LOOPBACK.test(host) || tls.cert !== '' || insecure) continue;
    out.push({
      path: `${name}.host`,
      found: host,
      accepted: `a loopback address, or ${name}.tls.key and ${name}.tls.cert, or ${name}.insecure: true behind a proxy that encrypts`,
    });
  }
  return out;
}

/** What the schema alone cannot say: how keys fit together, and what this release has. */
export function checkFit(config: Config, originOf: OriginOf): ConfigProblem[] {
  return [
    ...severalFit(config),
    ...tlsFits(config),
    ...proxiedFits(config),
    ...authenticators(config),
    ...chainsFit(config),
    ...safeWeb(config),
    ...oidcFits(config.console.oidc),
  ].map((refusal) => ({
    ...refusal,
    origin: originOf(refusal.path.split('.')),
  }));
}
