// What it costs a request to be somebody's. The same request with and without a token: the server looks at the token of
// whatever comes. (`server/domain/tests/it/bench.rs` times the check by itself, after this.)
import { Client } from './client.ts';
import { load, type Load } from './load.ts';
import { signIn } from './people.ts';
import type { Server } from './server.ts';
import { group, median, quantile, tell, us } from './table.ts';

const ROUNDS = 10;
const SECONDS = 0.5;

/** All rounds together. */
class Rounds {
  readonly #loads: Load[] = [];

  add(round: Load): void {
    this.#loads.push(round);
  }

  get times(): number[] {
    return this.#loads.flatMap(({ times }) => times).sort((a, b) => a - b);
  }

  /** Processor time of a request, server and PostgreSQL together, in milliseconds. */
  get processor(): number {
    const spent = this.#loads.reduce((sum, { cores, seconds }) => sum + cores.server * seconds, 0);
    return (1000 * spent) / this.times.length;
  }

  toString(): string {
    return `p50 ${us(quantile(this.times, 0.5))}, p95 ${us(quantile(this.times, 0.95))}, processor ${us(this.processor)}`;
  }
}

export async function sessionCheck(server: Server): Promise<void> {
  const client = new Client(1);
  const staff = await signIn(client, 'pharmacist');
  // A browser that was here before: nothing is made for it.
  const visitor = { accept: 'application/json', cookie: `carelink-browser=${'0'.repeat(32)}` };
  const small = '/api/v1/auth/ways';
  const kinds = {
    nobody: () => client.send({ path: small, headers: visitor }),
    somebody: () => client.send({ path: small, headers: { ...visitor, ...staff } }),
    me: () => client.send({ path: '/api/v1/auth/me', headers: { ...visitor, ...staff } }),
  };
  const seen = { nobody: new Rounds(), somebody: new Rounds(), me: new Rounds() };
  for (let round = -1; round < ROUNDS; round++) {
    for (const kind of ['nobody', 'somebody', 'me'] as const) {
      const result = await load(server.pid, 1, { seconds: SECONDS }, kinds[kind]);
      // The first is for warming up.
      if (round >= 0) seen[kind].add(result);
    }
  }
  client.close();
  const more = median(seen.somebody.times) - median(seen.nobody.times);
  group(
    'Check of the session',
    `one connection that is kept, one request after the other, ${ROUNDS} rounds of ${SECONDS} s of each in turn`,
    'processor: of the server and its PostgreSQL, a request; the row of a session is read once in 3 s',
    'nobody: passes the limiter of anonymous requests instead, in memory',
  );
  tell(`GET ${small}, nobody`, String(seen.nobody));
  tell(`GET ${small}, with a session`, String(seen.somebody));
  tell('  what the session adds', `median ${us(more)}, processor ${us(seen.somebody.processor - seen.nobody.processor)}`);
  tell('GET /api/v1/auth/me, which reads the person', String(seen.me));
}
