// Where a result was measured: absolute figures mean little without it.
import { readFileSync, readdirSync } from 'node:fs';
import os from 'node:os';

export function machineFacts() {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: os.release(),
    node: process.versions.node,
    openssl: process.versions.openssl,
    loadAverage1m: Number(os.loadavg()[0]?.toFixed(2)),
    at: new Date().toISOString(),
  };
}

const TICKS_PER_SECOND = 100;

/** What `/proc/PID/stat` says after the command's name, or undefined when the process has ended. */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

/** CPU seconds (user and system) that a process has used so far, all its threads included. */
export function cpuSeconds(pid) {
  const fields = statFields(pid);
  if (fields === undefined) throw new Error(`process ${pid} has ended`);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The process and all that descend from it, as they are now. */
export function processTree(pid) {
  const childrenOf = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(statFields(name)?.[1]);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const member of tree) tree.push(...(childrenOf.get(member) ?? []));
  return tree;
}

/** CPU seconds of a process and all that descend from it, those included that have ended and were waited for. */
export const treeCpuSeconds = (pid) =>
  processTree(pid).reduce((total, member) => {
    const fields = statFields(member);
    const ticks =
      fields === undefined ? 0 : [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return total + ticks / TICKS_PER_SECOND;
  }, 0);

/** CPU seconds that all processes of the machine have used so far, waiting and stolen time left out. */
export function machineCpuSeconds() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

/** Resident memory of a process in MiB. */
export function residentMiB(pid) {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

/** Descriptors that a process has open. */
export const descriptorsOf = (pid) => readdirSync(`/proc/${pid}/fd`).length;

export function percentile(values, share) {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const round = (value, digits = 1) => (value === null ? null : Number(value.toFixed(digits)));
