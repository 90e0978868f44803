// The processes that put load on a broker, as one.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./worker.mjs', import.meta.url));
const STEP_MS_MAX = 120_000;

/** Starts one process for `load`; `wrap` is the command that runs it, such as `taskset -c 1`. */
function startGenerator(wrap) {
  const [execPath, ...execArgv] = [...wrap, process.execPath];
  const child = fork(script, [], { execPath, execArgv, serialization: 'advanced' });
  const ended = new Promise((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`a generator ended (${code ?? signal})`)));
  });
  ended.catch(() => undefined);
  return {
    pid: child.pid,
    async tell(step, argument) {
      const late = new AbortController();
      const answer = new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`the generator's ${step} took too long`)),
          STEP_MS_MAX,
        );
        late.signal.addEventListener('abort', () => clearTimeout(timer));
        child.once('message', ({ value, failed }) =>
          failed === undefined ? resolve(value) : reject(new Error(`${step}: ${failed}`)),
        );
      });
      child.send({ step, argument });
      return Promise.race([answer, ended]).finally(() => late.abort());
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/**
 * Starts a process for each of `loads`. `tell` gives all of them the same step and resolves to their answers.
 * @param {{kind: string, options: object}[]} loads
 * @param {string[]} wrap
 */
export async function startGenerators(loads, wrap) {
  const generators = loads.map(() => startGenerator(wrap));
  const stop = () => generators.forEach((generator) => generator.stop());
  try {
    await Promise.all(generators.map((generator, index) => generator.tell('create', loads[index])));
  } catch (error) {
    stop();
    throw error;
  }
  return {
    pids: generators.map(({ pid }) => pid),
    tell: (step, argument) => Promise.all(generators.map((generator) => generator.tell(step, argument))),
    stop,
  };
}
