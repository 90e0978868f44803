// What a fleet takes, computed from the coefficients that `capacity.mjs` measured. Pure: numbers in, numbers out.

const MICRO = 1e6;
const KIB_PER_GIB = 2 ** 20;
const BYTES_PER_GIB = 2 ** 30;
const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_MINUTE = 60;

/** What one of each is taken to give. The rest of a core is for what comes at once, and for what nobody has thought of. */
export const ROOM = {
  /** A node's messages and connects go through one thread. */
  nodeCores: 0.6,
  nodeGiB: 4,
  /** One primary with eight cores, used by half. */
  postgresCores: 4,
  /** One server of core NATS, used by half of four cores. */
  natsCores: 2,
  /** Threads of a node that hash. */
  hashThreads: 3,
};

/** Nodes beyond which nobody has tried. */
const NODES_MAX = 4_096;

/** CPU seconds a second, and memory, that the fleet takes with so many nodes. */
function needs(profile, costs, nodes) {
  const { devices } = profile;
  const several = nodes > 1;
  const perSecond = (devices * profile.messagesPerMinute) / SECONDS_PER_MINUTE;
  const reliable = perSecond * profile.reliableShare;
  const quick = perSecond - reliable;
  /** Of the messages of several nodes, those whose subscriber is at another one. */
  const crossing = (nodes - 1) / nodes;
  const between = (local, across) => local * (1 - crossing) + across * crossing;
  const { local, across, single } = costs;
  const connects = (devices * profile.connectsPerDay) / SECONDS_PER_DAY;
  const hashed = profile.chosenPasswords ? costs.connectArgon2idUs : 0;
  const connectUs = several ? costs.house.connectNodeUs : single.connectUs;
  const refusedUs = several ? costs.house.refusedNodeUs : single.refusedUs;
  const quickUs = several ? between(local.qos0.nodeUs, across.qos0.nodeUs) : single.qos0Us;
  const reliableUs = several ? between(local.qos1.nodeUs, across.qos1.nodeUs) : single.qos1Us;
  const idle = several ? costs.idle : { nodeCores: 0, postgresCores: 0, natsCores: 0 };
  const loops =
    nodes * idle.nodeCores +
    (quick * quickUs + reliable * reliableUs + connects * connectUs + profile.refusedPerSecond * refusedUs) /
      MICRO;
  const postgres = several
    ? nodes * idle.postgresCores +
      (quick * between(local.qos0.postgresUs, across.qos0.postgresUs) +
        reliable * between(local.qos1.postgresUs, across.qos1.postgresUs) +
        connects * costs.house.connectPostgresUs +
        profile.refusedPerSecond * costs.house.refusedPostgresUs) /
        MICRO
    : 0;
  const nats = several
    ? nodes * idle.natsCores +
      (quick * between(local.qos0.natsUs, across.qos0.natsUs) +
        reliable * between(local.qos1.natsUs, across.qos1.natsUs)) /
        MICRO
    : 0;
  const devicesKiB =
    devices * (costs.connectionKiB + profile.keptShare * costs.keptSessionKiB) +
    (devices * profile.keptShare * profile.queuedEach * costs.queuedMessageBytes) / 1_024;
  return {
    messagesPerSecond: perSecond,
    loops,
    postgres,
    nats,
    memoryGiB: devicesKiB / KIB_PER_GIB / nodes + costs.emptyMiB / 1_024,
    hashCores: (connects * hashed) / MICRO,
    diskGiB:
      (devices * (several ? costs.house.credentialBytes : single.credentialBytes) +
        devices * profile.keptShare * profile.queuedEach * costs.queuedMessageDiskBytes) /
      BYTES_PER_GIB,
    connectUs,
  };
}

/**
 * What a fleet takes: the fewest nodes whose room suffices, and what that leaves of everything else.
 *
 * @param {object} profile devices, messagesPerMinute of each, reliableShare (QoS 1) of them, keptShare of sessions that
 *   outlive their connection, queuedEach messages that wait in such a one, connectsPerDay of each, refusedPerSecond,
 *   chosenPasswords where a person chose them, nodesMin
 * @param {object} costs see `costsOf`
 */
export function capacityOf(profile, costs) {
  let nodes = profile.nodesMin ?? 1;
  let needed = needs(profile, costs, nodes);
  const fits = () => needed.loops / nodes <= ROOM.nodeCores && needed.memoryGiB <= ROOM.nodeGiB;
  while (!fits() && nodes < NODES_MAX) {
    nodes += 1;
    needed = needs(profile, costs, nodes);
  }
  const shares = {
    'the thread of each node': needed.loops / nodes / ROOM.nodeCores,
    'memory of each node': needed.memoryGiB / ROOM.nodeGiB,
    PostgreSQL: needed.postgres / ROOM.postgresCores,
    NATS: needed.nats / ROOM.natsCores,
  };
  const [[first, share]] = Object.entries(shares).sort(([, one], [, other]) => other - one);
  // What does not fit one PostgreSQL or one NATS is several houses, each with its own; a node more does not help there.
  const houses = Math.max(1, Math.ceil(Math.max(shares.PostgreSQL, shares.NATS)));
  const loopSeconds = (profile.devices * needed.connectUs) / MICRO / nodes;
  const hashSeconds = profile.chosenPasswords
    ? (profile.devices * costs.connectArgon2idUs) / MICRO / (nodes * ROOM.hashThreads)
    : 0;
  return {
    nodes,
    houses,
    messagesPerSecond: needed.messagesPerSecond,
    nodeCores: needed.loops,
    nodeGiB: needed.memoryGiB,
    postgresCores: needed.postgres,
    natsCores: needed.nats,
    diskGiB: needed.diskGiB,
    /** Until all are back after an outage, with nothing remembered of their passwords. */
    allBackSeconds: Math.max(loopSeconds, hashSeconds),
    first,
    share,
  };
}

/** The model's coefficients, out of what `capacity.mjs` wrote. */
export function costsOf({ one, hashes, kept, stores, nodes, connects }) {
  return {
    single: {
      connectUs: one.connectGeneratedUs,
      refusedUs: one.refusedUs,
      qos0Us: one.qos0Us,
      qos1Us: one.qos1Us,
      credentialBytes: stores.sqlite.credentialBytes,
    },
    house: {
      connectNodeUs: connects.nodeUs,
      connectPostgresUs: connects.postgresUs,
      refusedNodeUs: stores.postgresql.refusedNodeUs,
      refusedPostgresUs: stores.postgresql.refusedPostgresUs,
      credentialBytes: stores.postgresql.credentialBytes,
    },
    /** What each node takes when nobody is there: leases, and looking for what has come. */
    idle: Object.fromEntries(Object.entries(nodes[3].idle).map(([part, cores]) => [part, cores / 3])),
    local: { qos0: nodes[1].qos0, qos1: nodes[1].qos1Kept },
    across: { qos0: nodes[3].qos0, qos1: nodes[3].qos1Kept },
    connectArgon2idUs: hashes.connectArgon2idUs,
    connectionKiB: one.connectionKiB,
    keptSessionKiB: kept.keptSessionKiB,
    queuedMessageBytes: kept.queuedMessageBytes,
    queuedMessageDiskBytes: kept.queuedMessageDiskBytes,
    emptyMiB: kept.emptyMiB,
  };
}
