// `make bench`: figures of a release build, with the conditions that they were taken under. It judges nothing.
// The server is the one that the tests use (see fixtures/server.ts), freshly started, with demonstration data.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { test, type Page } from '@playwright/test';

/** The pages that are weighed, as a first visit loads them. */
const PAGES = { 'deposit page': '/d/pharmacie-des-lilas', 'sign-in page': '/portal/sign-in' };

function tell(what: string, figure: string): void {
  console.log(`${what.padEnd(44)} ${figure}`);
}
const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;

/** What crosses the network until the page is quiet: bytes as sent (compressed, headers included) and requests. */
async function weigh(page: Page, path: string): Promise<{ bytes: number; requests: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const seen = { bytes: 0, requests: 0 };
  session.on('Network.loadingFinished', (event) => {
    seen.bytes += event.encodedDataLength;
    seen.requests += 1;
  });
  const response = await page.goto(path, { waitUntil: 'networkidle' });
  if (!response?.ok()) throw new Error(`${path} answered ${response?.status()}`);
  return seen;
}

/** Every process below this one, itself included. */
function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const found = [pid];
  for (let i = 0; i < found.length; i++) for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  return found;
}

/** Memory that belongs to these processes alone plus their share of the rest (PSS), in bytes. */
function memory(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      return sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return sum;
    }
  }, 0);
}

test('figures', async ({ browser }) => {
  console.log(`\n${new Date().toISOString()}: ${cpus().length} × ${cpus()[0]?.model}, ${(totalmem() / 2 ** 30).toFixed(1)} GB, Node ${process.version}\n`);

  tell('start to ready, first start, with demonstration', `${process.env.CARELINK_E2E_READY_MS} ms`);
  const pid = Number(process.env.CARELINK_E2E_PID);
  tell('memory of the server, idle', kb(memory([pid])));
  tell('memory with its PostgreSQL, idle', kb(memory(family(pid))));

  const site = process.env.LEPTOS_SITE_ROOT;
  if (site) {
    for (const name of readdirSync(join(site, 'pkg')).filter((name) => /\.(wasm|js|css)$/.test(name)).sort()) {
      const path = join(site, 'pkg', name);
      tell(`bundle ${name}`, `${kb(statSync(path).size)}, brotli ${kb(brotliCompressSync(readFileSync(path)).length)}`);
    }
  }
  for (const [name, path] of Object.entries(PAGES)) {
    const context = await browser.newContext();
    const { bytes, requests } = await weigh(await context.newPage(), path);
    tell(name, `${kb(bytes)} in ${requests} requests`);
    await context.close();
  }
});
