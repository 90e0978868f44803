import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../src/config/load.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What `deploy/prepare.sh` puts into `.env`. */
const DOT_ENV: Readonly<Record<string, string>> = {
  PUBLIC_NAME: 'mqtt.example.org',
  POSTGRES_PASSWORD: 'p0',
  NATS_PASSWORD: 'n0',
};

/** `${NAME:?why}` as Compose fills it in; a name that prepare.sh does not make is told. */
const interpolated = (text: string): string =>
  text.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => {
    const value = DOT_ENV[name];
    if (value === undefined) throw new Error(`${name} is nothing that deploy/prepare.sh makes`);
    return value;
  });

const service = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.unknown()).default({}),
});
const compose = z
  .object({
    services: z.record(z.string(), service),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('compose.yaml'), { merge: true }));

const manifest = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
  spec: z.unknown().optional(),
});
const folder = 'deploy/kubernetes';
const manifests = readdirSync(join(root, folder)).flatMap((file) =>
  parseAllDocuments(read(`${folder}/${file}`)).map((document) => {
    expect(document.errors).toEqual([]);
    return manifest.parse(document.toJS());
  }),
);
const nodes = z
  .object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        enableServiceLinks: z.boolean(),
        containers: z.array(
          z.object({
            env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            lifecycle: z.object({
              preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }),
            }),
          }),
        ),
        volumes: z.array(z.object({ name: z.string() })),
      }),
    }),
  })
  .parse(manifests.find(({ kind }) => kind === 'StatefulSet')?.spec);

/** The configuration of a node whose file and environment are these, or what is wrong with it. */
function loaded(file: string, env: Readonly<Record<string, string>>): ReturnType<typeof loadConfig> {
  const at = mkdtempSync(join(tmpdir(), 'gatehouse-deploy-'));
  try {
    writeFileSync(join(at, 'gatehouse.yaml'), file);
    return loadConfig({ config: join(at, 'gatehouse.yaml'), env, cwd: at });
  } finally {
    rmSync(at, { recursive: true });
  }
}

/** What a file names below a folder, and the server reads at its start. */
const pathsBelow = (text: string, base: string): string[] =>
  [...text.matchAll(/: (\/[\w./-]+)$/gm)].flatMap(([, path = '']) =>
    path.startsWith(base) ? [path.slice(base.length)] : [],
  );

describe('compose.yaml', () => {
  test.each(['gate-1', 'gate-2', 'gate-3'])('every setting of %s exists, and they fit together', (name) => {
    const environment = Object.fromEntries(
      Object.entries(compose.services[name]?.environment ?? {}).map(([key, value]) => [
        key,
        interpolated(value),
      ]),
    );
    const result = loaded(read('deploy/gatehouse.yaml'), environment);
    expect(result).toMatchObject({ ok: true });
    if (!result.ok) return;
    const { config } = result.loaded;
    expect(config.node_id).toBe(name);
    expect(config.bus_url.reveal()).toBe('nats://gatehouse:n0@nats:4222');
    expect(config.database_url.reveal()).toBe('postgresql://gatehouse:p0@postgres/gatehouse');
  });

  test('every secret is a file that prepare.sh makes, and every file that nodes and haproxy read is given to them', () => {
    const made = [...read('deploy/prepare.sh').matchAll(/\$secrets\/([\w.]+)/g)].map(([, file]) => file);
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      expect(file).toBe(`deploy/secrets/${name}`);
      expect(made).toContain(name);
    }
    for (const file of pathsBelow(read('deploy/gatehouse.yaml'), '/run/secrets/'))
      expect(compose.services['gate-1']?.secrets).toContain(file);
    const ofProxy = [...read('deploy/haproxy.cfg').matchAll(/\/run\/secrets\}\/([\w.]+)/g)].map(
      ([, file]) => file,
    );
    expect(new Set(ofProxy)).toEqual(new Set(compose.services['haproxy']?.secrets));
  });

  test('every volume and every service that is named is there, and haproxy knows all nodes', () => {
    const names = Object.keys(compose.services);
    for (const one of Object.values(compose.services)) {
      expect(names).toEqual(expect.arrayContaining(Object.keys(one.depends_on)));
      for (const volume of one.volumes.filter((text) => !text.startsWith('.')))
        expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
    const known = [...read('deploy/haproxy.cfg').matchAll(/GATE_\d-([\w-]+)\}/g)].map(([, name]) => name);
    expect(new Set(known)).toEqual(new Set(names.filter((name) => name.startsWith('gate-'))));
  });
});

describe('deploy/kubernetes', () => {
  const config = manifests.find(({ kind }) => kind === 'ConfigMap')?.data?.['gatehouse.yaml'] ?? '';
  const { spec, metadata } = nodes.template;
  const [container] = spec.containers;

  test('every setting exists, and they fit together', () => {
    const given: Readonly<Record<string, string>> = {
      GATEHOUSE_NODE_ID: 'gatehouse-0',
      GATEHOUSE_DATABASE_URL: 'postgresql://gatehouse:p0@db/gatehouse',
      GATEHOUSE_BUS_URL: 'nats://gatehouse:n0@nats:4222',
    };
    const environment = Object.fromEntries(
      (container?.env ?? [])
        .filter(({ name }) => name !== 'GATEHOUSE_CONFIG')
        .map(({ name, value }) => [name, value ?? given[name] ?? `no value for ${name}`]),
    );
    expect(loaded(config, environment)).toMatchObject({ ok: true });
    // A service named gatehouse would set variables that are no settings.
    expect(spec.enableServiceLinks).toBe(false);
    expect(loaded(config, { GATEHOUSE_MQTT_PORT: 'tcp://10.0.0.1:1883' })).toMatchObject({ ok: false });
  });

  test('every file that is named lies in a volume that is mounted', () => {
    const mounts = container?.volumeMounts ?? [];
    expect(spec.volumes.map(({ name }) => name).sort()).toEqual(mounts.map(({ name }) => name).sort());
    for (const path of pathsBelow(config, '/'))
      expect(mounts.some(({ mountPath }) => `/${path}`.startsWith(`${mountPath}/`))).toBe(true);
  });

  test('services and the network policy name ports and labels that the pods have', () => {
    const ports = new Map(container?.ports.map(({ name, containerPort }) => [name, containerPort]));
    expect(Object.fromEntries(ports)).toEqual({
      mqtt: 1883,
      mqtts: 8883,
      wss: 8084,
      console: 3000,
      api: 8080,
    });
    const shape = z.object({
      selector: z.record(z.string(), z.string()),
      ports: z.array(z.object({ targetPort: z.string() })),
    });
    for (const { spec: ofService } of manifests.filter(({ kind }) => kind === 'Service')) {
      const { selector, ports: open } = shape.parse(ofService);
      expect(metadata.labels).toMatchObject(selector);
      for (const { targetPort } of open) expect([...ports.keys()]).toContain(targetPort);
    }
    const policy = manifests.find(({ kind }) => kind === 'NetworkPolicy')?.spec;
    const admitted = z
      .object({ ingress: z.array(z.object({ ports: z.array(z.object({ port: z.string() })) })) })
      .parse(policy)
      .ingress.flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(admitted.sort()).toEqual([...ports.keys()].sort());
  });

  test('a pod is drained before it is stopped', () => {
    expect(container?.lifecycle.preStop.exec.command.join(' ')).toContain('gatehouse drain');
  });
});

test('the image opens the ports that the configuration has by default, and its copies are what a release has', () => {
  const dockerfile = read('Dockerfile');
  const exposed = /^EXPOSE (.*)$/m.exec(dockerfile)?.[1]?.split(' ').map(Number);
  const result = loadConfig({ env: {}, cwd: '/' });
  if (!result.ok) throw new Error('the defaults do not fit');
  const { listeners, api, console: web } = result.loaded.config;
  expect(exposed?.sort()).toEqual(
    [listeners.tcp, listeners.tls, listeners.ws, listeners.wss, api, web].map(({ port }) => port).sort(),
  );
  expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  expect(read('scripts/release.mjs')).toContain('deploy/health.mjs');
});
