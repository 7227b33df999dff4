// One file of 1 GiB: the memory of the server must not follow it.
import { Client } from './client.ts';
import { pdf, pdfPieces } from './documents.ts';
import { send, sender, signIn } from './people.ts';
import { memory, quiet, resetPeak } from './process.ts';
import type { Server } from './server.ts';
import { group, mb, mib, tell } from './table.ts';

const SIZE = 2 ** 30;

/** Lets the pharmacy accept files of so many mebibytes, as its administrator would on the page of the settings. */
async function raise(client: Client, mebibytes: number): Promise<void> {
  const admin = await signIn(client, 'administrator');
  const settings = await client.json<Record<string, unknown>>('/api/v1/settings', undefined, admin);
  await client.json('/api/v1/settings/change', { settings: { ...settings, max_file: mebibytes } }, admin);
}

export async function large(server: Server): Promise<void> {
  // A fresh process: after a load, the allocator would have room for a file that it never saw.
  await server.restart();
  const client = new Client(2);
  await raise(client, SIZE / 2 ** 20);
  const patient = await sender(client, 2, 'Très grand dossier');
  await send(client, patient, pdf('petit.pdf', 5_000_000));
  await quiet(server.pid);

  resetPeak(server.pid);
  const before = memory(server.pid).rss;
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, memory(server.pid).rss)), 20);
  const body = pdfPieces(SIZE);
  const { ms } = await send(client, patient, { name: 'dossier.pdf', type: 'application/pdf', size: SIZE, body });
  clearInterval(sampling);
  const { peak } = memory(server.pid);

  resetPeak(server.pid);
  await quiet(server.pid);
  const checked = memory(server.pid);
  client.close();
  group(
    'One upload of 1 GiB',
    'a PDF in pieces of 8 MiB, Content-Length known; max_file of the establishment raised to 1024 MiB in its settings',
    'fresh process that has signed people in and taken one file of 5 MB; RSS read every 20 ms, VmHWM reset before',
  );
  tell('time, throughput', `${(ms / 1000).toFixed(1)} s, ${mb(SIZE / ms * 1000)}/s`);
  tell('memory before, most read, peak (RSS, RSS, VmHWM)', `${mib(before)}, ${mib(most)}, ${mib(peak)}`);
  tell('growth during the upload (by VmHWM)', mib(peak - before), '<= 20 MiB');
  tell('growth while the document is checked (by VmHWM)', `${mib(checked.peak - before)}, afterwards ${mib(checked.rss - before)}`);
}
