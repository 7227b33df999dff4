// What the figures were taken under.
import { readFileSync, statfsSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { postgresVersion } from './process.ts';
import { RAISED, type Server } from './server.ts';

/** The file system that holds this folder: the longest mount point that begins its path. */
function fileSystem(folder: string): string {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' '));
  const holding = mounts.filter(([, at = '-']) => folder === at || folder.startsWith(at.replace(/\/?$/, '/')));
  return holding.sort(([, a = ''], [, b = '']) => b.length - a.length)[0]?.[2] ?? 'unknown';
}

export function conditions(server: Server): void {
  const profile = process.env.CARELINK_E2E_PROFILE ?? 'as built';
  const free = statfsSync(server.data);
  const lines = [
    `${new Date().toISOString()}`,
    `machine     ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}`,
    `other work  load average of the last minute ${loadavg()[0]?.toFixed(1)}: figures of a busy machine say little`,
    `server      ${server.program}, profile ${profile}`,
    `database    ${postgresVersion(server.pid)}, private, settings as the server writes them (fsync on)`,
    `disk        ${fileSystem(server.data)}, ${((free.bavail * free.bsize) / 1e9).toFixed(0)} GB free, payloads with fsync`,
    `client      Node ${process.version}, one process, on the same machine: it takes its share of the cores`,
    `limits      raised to 10000000, since all requests come from one address: ${Object.keys(RAISED).map((name) => name.replace('CARELINK_LIMITS_', '')).join(', ')}`,
    '            (CARELINK_LIMITS_*); everything else as it comes',
    'units       MB = 1,000,000 bytes, MiB = 1,048,576; p50, p95, p99: nearest rank over all calls of the load',
  ];
  console.log(`\n${lines.join('\n')}`);
}
