// Start to ready, and memory with nothing to do.
import { setTimeout as sleep } from 'node:timers/promises';
import { family, memory, quiet, sharedMemory } from './process.ts';
import type { Server } from './server.ts';
import { group, mb, median, ms, tell } from './table.ts';

export async function start(server: Server, first: number, restarts: number): Promise<void> {
  group('Start', 'ready: /health/ready answers 200; the first start creates the database and the demonstration');
  tell('start to ready, first start (asked every 50 ms)', ms(first));
  const times: number[] = [];
  for (let i = 0; i < restarts; i++) times.push(await server.restart());
  tell(`start to ready, second start, median of ${restarts}`, `${ms(median(times))} (${times.map((time) => time.toFixed(0)).join(', ')})`, '500 ms');
}

export async function idle(server: Server): Promise<void> {
  await quiet(server.pid);
  await sleep(3000);
  const { rss, peak } = memory(server.pid);
  tell('memory of the server, idle (RSS)', `${mb(rss)}, most since its start ${mb(peak)}`, '40 MB');
  tell('memory with its PostgreSQL, idle (PSS)', mb(sharedMemory(family(server.pid))));
}

export async function afterLoad(server: Server): Promise<void> {
  await quiet(server.pid);
  await sleep(3000);
  group('Memory', 'after everything above, when the last document is checked');
  tell('memory of the server, after load (RSS)', mb(memory(server.pid).rss), '80 MB');
  tell('memory with its PostgreSQL, after load (PSS)', mb(sharedMemory(family(server.pid))));
}
