// What `npm run screenshots` puts beside the demo fleet, so that no page is bare.

const RETAINED = [
  ['plant/pump-station-07/status', '{"running":true,"rpm":1480,"bearing":41.5}'],
  ['plant/conveyor-2/status', 'stopped'],
  ['plant/cold-room-3/temperature', '-18.4'],
];
const COMMANDS = [
  ...RETAINED.map(([topic, message]) => ['publish', '--retain', '--topic', topic, '--message', message]),
  ['blocked', 'add', '--cidr', '203.0.113.0/24', '--comment', 'Guesses passwords since Friday'],
  ['blocked', 'add', '--pattern', 'scan-[0-9]+', '--expires', '30d'],
  ['rules', 'add', 'deny', 'plant/+/firmware', '--tag', 'guest', '--comment', 'Guests flash nothing'],
  ['rules', 'add', 'allow', 'plant/%c/#', '--ip', '10.20.0.0/16'],
  ['credentials', 'add', '--type', 'x509', '--cn-pattern', 'pump-[0-9]+', '--name', 'Pumps'],
  ['credentials', 'add', '--type', 'psk', '--identity', 'valve-1'],
];
const RESOURCES = [
  [
    '/authenticators',
    {
      name: 'plant-db',
      settings: {
        type: 'postgresql',
        server: 'db.plant.example:5432',
        username: 'gatehouse',
        password: 'not a real one',
      },
    },
  ],
  ['/authenticators', { name: 'certificates', settings: { type: 'x509' } }],
  ['/alert-channels', { name: 'Status topic', target: { kind: 'mqtt', retain: true } }],
  [
    '/alert-rules',
    {
      name: 'Storm',
      condition: { kind: 'refusalRate', family: null, perMinute: 30, windowMinutes: 5 },
    },
  ],
  ['/alert-rules', { name: 'Something new', condition: { kind: 'newReason' } }],
];

/** Fills a server. `gatehouse` runs a command against it and answers what it printed; `apiUrl` is where its API is. */
export async function furnish(gatehouse, apiUrl) {
  for (const command of COMMANDS) await gatehouse(command);
  const { key } = JSON.parse(
    await gatehouse(['api-keys', 'create', '--name', 'Pictures', '--role', 'admin', '--json']),
  );
  for (const [path, body] of RESOURCES) {
    const response = await fetch(`${apiUrl}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
  }
}
