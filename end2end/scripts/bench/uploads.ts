// Files of 5 MB come in, four at a time.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from './client.ts';
import { effort, load } from './load.ts';
import { send, sender, type File } from './people.ts';
import { quiet } from './process.ts';
import type { Server } from './server.ts';
import { group, kb, mb, percentiles, tell } from './table.ts';

const CONCURRENCY = 4;

/** Sizes of all payloads in the object store. */
function stored(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? stored(path) : statSync(path).size);
  }, 0);
}

/** Sends this file so many times; every worker has a code of its own, opened before the clock runs. */
export async function uploads(server: Server, file: File, files: number, kind: string): Promise<void> {
  const client = new Client(CONCURRENCY);
  const senders = await Promise.all(Array.from({ length: CONCURRENCY }, (_, n) => sender(client, files / 2, `Envois ${kind} ${n + 1}`)));
  const act = (worker: number) => send(client, senders[worker], file);
  await load(server.pid, CONCURRENCY, { calls: CONCURRENCY }, act);
  const before = stored(join(server.data, 'documents'));
  const result = await load(server.pid, CONCURRENCY, { calls: files }, act);
  const kept = stored(join(server.data, 'documents')) - before;
  client.close();
  const sent = result.count * file.size;
  group(
    `Uploads, ${kind}`,
    `${result.count} files of ${file.size} bytes, concurrency ${CONCURRENCY}, ${effort(result)}`,
    'each file: walked, hashed, encrypted, fsync, one transaction; checks of earlier ones run meanwhile, in children',
  );
  tell('throughput', `${mb(sent / result.seconds)}/s`, '>= 300 MB/s');
  tell('time of an upload', percentiles(result.times, 50, 95, 99), 'p99 <= 150 ms');
  tell('bytes stored per byte sent', (kept / sent).toFixed(5), '<= 1.01');
  tell('payload and sent, each', `${kb(kept / result.count)} and ${kb(file.size)}`);
  const begun = performance.now();
  await quiet(server.pid);
  tell('their checks end after', `${((performance.now() - begun) / 1000 - 2).toFixed(0)} s`);
}
