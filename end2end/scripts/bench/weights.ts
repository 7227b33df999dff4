// What a first visit loads: pages as they cross the network, and the files of the staff's bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { Client } from './client.ts';
import { newCode, SLUG } from './people.ts';
import { group, kb, tell } from './table.ts';

/** What crosses the network until the page is quiet: bytes as sent (compressed, headers included), and requests. */
async function weigh(page: Page, path: string): Promise<{ bytes: number; requests: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const seen = { bytes: 0, requests: 0 };
  session.on('Network.requestWillBeSent', ({ redirectResponse }) => {
    if (!redirectResponse) return;
    seen.bytes += redirectResponse.encodedDataLength;
    seen.requests += 1;
  });
  session.on('Network.loadingFinished', (event) => {
    seen.bytes += event.encodedDataLength;
    seen.requests += 1;
  });
  const response = await page.goto(path, { waitUntil: 'networkidle' });
  if (!response?.ok()) throw new Error(`${path} answered ${response?.status()}`);
  return seen;
}

export async function weights(browser: Browser): Promise<void> {
  group('Weights', 'pages: a first visit in Chromium, bytes as sent with headers, redirects counted; brotli here: quality 11');
  const client = new Client(1);
  const { link } = await newCode(client, 'Poids de la page');
  client.close();
  const pages = {
    'deposit page, from the link': new URL(link).pathname,
    'page that asks the code': `/d/${SLUG}`,
    'sign-in page of the portal': '/portal/sign-in',
  };
  for (const [name, path] of Object.entries(pages)) {
    const context = await browser.newContext();
    const { bytes, requests } = await weigh(await context.newPage(), path);
    tell(name, `${kb(bytes)} in ${requests} requests`);
    await context.close();
  }

  const folder = join(process.env.LEPTOS_SITE_ROOT ?? '../target/site', 'pkg');
  const bundle = readdirSync(folder).filter((name) => /\.(wasm|js|css)$/.test(name));
  for (const extension of ['wasm', 'js', 'css']) {
    for (const name of bundle.filter((name) => name.endsWith(`.${extension}`))) {
      const raw = readFileSync(join(folder, name));
      const sent = await asSent(`/pkg/${name}`);
      tell(`staff bundle, ${extension}`, `${kb(raw.length)}, brotli ${kb(brotliCompressSync(raw).length)}, as sent ${sent}`);
    }
  }
}

/** On a connection of its own: compressing here takes longer than the server keeps an idle one. */
async function asSent(path: string): Promise<string> {
  const client = new Client(1);
  const { bytes, headers } = await client.send({ path, headers: { 'accept-encoding': 'br, gzip' } });
  client.close();
  return `${kb(bytes)} (${headers['content-encoding'] ?? 'not compressed'})`;
}
