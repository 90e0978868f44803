import { ADVISORY_LOCK } from '../postgresql/advisory-lock.ts';
import { num, type SqlRunner } from '../sql.ts';

/** The generation that the table shows. */
export async function currentGeneration(sql: SqlRunner): Promise<number> {
  const [row] = await sql.all('SELECT generation FROM unauthorized_state WHERE id = 1');
  if (row === undefined) throw new Error('the state of the unauthorized table is missing');
  return num(row, 'generation');
}

/** Takes the right to write refused clients until the transaction ends; returns the generation to write to. */
export async function lockUnauthorized(sql: SqlRunner): Promise<number> {
  if (sql.dialect === 'postgresql') {
    await sql.run('SELECT pg_advisory_xact_lock(?)', [ADVISORY_LOCK.unauthorized]);
  }
  return currentGeneration(sql);
}

/** Hands out a generation number that was never used. */
export async function newGeneration(sql: SqlRunner): Promise<number> {
  await sql.run('UPDATE unauthorized_state SET next = next + 1 WHERE id = 1');
  const [row] = await sql.all('SELECT next - 1 AS made FROM unauthorized_state WHERE id = 1');
  if (row === undefined) throw new Error('the state of the unauthorized table is missing');
  return num(row, 'made');
}

export async function switchGeneration(sql: SqlRunner, generation: number): Promise<void> {
  await sql.run('UPDATE unauthorized_state SET generation = ? WHERE id = 1', [generation]);
}
