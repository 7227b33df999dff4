// What the disk does by itself: the same files, written and made to last (fsync), with nothing in between. Uploads can't
// be quicker than this.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { effort, load } from './load.ts';
import type { Server } from './server.ts';
import { group, mb, percentiles, tell } from './table.ts';

const SIZE = 5_000_000;
const FILES = 200;
const CONCURRENCY = 4;

export async function disk(server: Server): Promise<void> {
  const folder = mkdtempSync(join(server.data, 'bench-disk-'));
  const content = randomBytes(SIZE);
  let files = 0;
  const result = await load(server.pid, CONCURRENCY, { calls: FILES }, async () => {
    const begun = performance.now();
    const file = await open(join(folder, String(++files)), 'w');
    await file.write(content);
    await file.sync();
    await file.close();
    return { ms: performance.now() - begun, bytes: SIZE };
  });
  rmSync(folder, { recursive: true });
  group('The disk alone', `${FILES} files of ${SIZE} bytes written and synced, concurrency ${CONCURRENCY}, ${effort(result)}`);
  tell('throughput', `${mb(result.bytes / result.seconds)}/s`);
  tell('time of a file', percentiles(result.times, 50, 95, 99));
}
