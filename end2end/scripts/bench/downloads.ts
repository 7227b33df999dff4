// Originals of 5 MB go out, four at a time: read, decrypted, streamed.
import { Client } from './client.ts';
import { newest } from './list.ts';
import { effort, load } from './load.ts';
import { signIn } from './people.ts';
import type { Server } from './server.ts';
import { group, mb, percentiles, tell } from './table.ts';

const CONCURRENCY = 4;
const SECONDS = 8;

/** Downloads the newest documents of this name in turn. `accepts`: codings that the client takes, as a browser does. */
export async function downloads(server: Server, name: string, accepts?: string): Promise<void> {
  const client = new Client(CONCURRENCY);
  const staff = await signIn(client, 'pharmacist');
  const ids = await newest(client, staff, name);
  if (ids.length === 0) throw new Error(`no document is called ${name}`);
  let turn = 0;
  const read = () =>
    client.send({
      path: `/api/v1/documents/${ids[turn++ % ids.length]}/download`,
      headers: { ...staff, 'content-type': 'application/json', ...(accepts ? { 'accept-encoding': accepts } : {}) },
      body: '{}',
      discard: true,
    });
  const { headers, bytes } = await read();
  await load(server.pid, CONCURRENCY, { seconds: 1 }, read);
  const result = await load(server.pid, CONCURRENCY, { seconds: SECONDS }, read);
  client.close();
  group(
    accepts ? `Downloads by a client that accepts ${accepts}` : 'Downloads',
    `${result.count} of ${bytes} bytes as sent (${headers['content-encoding'] ?? 'not compressed'}), ${ids.length} documents in turn, ` +
      `concurrency ${CONCURRENCY}, ${effort(result)}`,
  );
  tell('throughput', `${mb(result.bytes / result.seconds)}/s`, accepts ? undefined : '>= 500 MB/s');
  tell('time of a download', percentiles(result.times, 50, 95, 99));
  tell('first byte', percentiles(result.firsts, 50, 95), accepts ? undefined : '<= 5 ms');
}
