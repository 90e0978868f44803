import type { Attempt } from '../attempt.ts';
import { usernameOf } from '../anonymous.ts';
import type { Chain, ChainStage } from '../chain.ts';
import { andThen } from '../maybe-promise.ts';
import type { MaybePromise } from '../needs.ts';
import type { Decision } from '../verdict.ts';
import { readServerFirst, toBase64 } from './scram-message.ts';
import { saslprep } from './scram-saslprep.ts';
import {
  isScramMechanism,
  proofOf,
  SCRAM_HASHES,
  SCRAM_RANDOM_BYTES,
  type ScramCrypto,
  type ScramMechanism,
} from './scram-secret.ts';

/** No channel binding, on behalf of nobody else. */
const HEADER = 'n,,';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a client would have to say: its first message, and its answer to the server's. */
interface ScramClient {
  readonly first: Uint8Array;
  /** Undefined when what the server said is no message of SCRAM, or the password has no form. */
  answer(question: Uint8Array): MaybePromise<Uint8Array | undefined>;
}

function createScramClient(
  crypto: ScramCrypto,
  mechanism: ScramMechanism,
  username: string,
  password: string,
): ScramClient {
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const bare = `n=${name},r=${toBase64(crypto.randomBytes(SCRAM_RANDOM_BYTES))}`;
  return {
    first: utf8(HEADER + bare),
    answer: (question) => {
      const read = readServerFirst(question);
      const prepared = saslprep(password);
      if (read === undefined || prepared === undefined) return undefined;
      const withoutProof = `c=${toBase64(utf8(HEADER))},r=${read.nonce}`;
      const authMessage = `${bare},${read.text},${withoutProof}`;
      const proof = proofOf(crypto, SCRAM_HASHES[mechanism], utf8(prepared), { ...read, authMessage });
      return andThen(proof, (bytes) => utf8(`${withoutProof},p=${toBase64(bytes)}`));
    },
  };
}

/**
 * Decides a made-up attempt that names a SCRAM mechanism: plays the client with the attempt's own username and password,
 * which a real one never sends. An attempt that names none, or lacks one of the two, is decided as it is.
 */
export function decideAsScramClient(
  chain: Pick<Chain, 'begin' | 'decide'>,
  attempt: Attempt,
  crypto: ScramCrypto,
): MaybePromise<Decision> {
  const { authMethod, password } = attempt;
  const username = usernameOf(attempt);
  const canPlay = username !== undefined && password !== undefined;
  if (!canPlay || authMethod === undefined || !isScramMechanism(authMethod)) return chain.decide(attempt);
  const text = new TextDecoder().decode(password.reveal());
  const client = createScramClient(crypto, authMethod, username, text);
  const follow = (stage: ChainStage): MaybePromise<Decision> => {
    if (stage.outcome === 'decided') return stage.decision;
    return andThen(client.answer(stage.data), (answer) =>
      answer === undefined
        ? stage.abandon({ problem: 'the password has no form that SASLprep allows' })
        : andThen(stage.answer(answer), settle),
    );
  };
  // SCRAM has one question; whoever asks another gets no answer.
  const settle = (stage: ChainStage): Decision =>
    stage.outcome === 'decided' ? stage.decision : stage.abandon({ problem: 'a second question' });
  return andThen(chain.begin(attempt, client.first), follow);
}
