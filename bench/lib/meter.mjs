// Who used the CPU between two moments: the server with all its processes, the generators, and everybody else.
import { cpuSeconds, machineCpuSeconds, processTree } from './machine.mjs';

const sum = (pids) => pids.reduce((total, pid) => total + cpuSeconds(pid), 0);

/** Starts measuring; what it returns tells the CPU seconds, and the shares of one core, since then. */
export function startMeter(serverPid, generatorPids) {
  const server = processTree(serverPid);
  const take = () => ({
    at: performance.now(),
    server: sum(server),
    generators: generatorPids.map(cpuSeconds),
    machine: machineCpuSeconds(),
    own: cpuSeconds(process.pid),
  });
  const before = take();
  return () => {
    const now = take();
    const seconds = (now.at - before.at) / 1000;
    const generators = now.generators.map((value, index) => value - before.generators[index]);
    const generatorsTotal = generators.reduce((total, value) => total + value, 0);
    const serverSeconds = now.server - before.server;
    const others = now.machine - before.machine - serverSeconds - generatorsTotal - (now.own - before.own);
    return {
      seconds,
      serverSeconds,
      serverCores: serverSeconds / seconds,
      // Generators on one core share it; each of several cores is full at 1.
      generatorCores: generatorsTotal / seconds,
      generatorCoresMax: Math.max(...generators) / seconds,
      othersCores: Math.max(0, others / seconds),
    };
  };
}
