// The inbox under many readers: a first page of a list of more than a thousand documents.
import { Client } from './client.ts';
import { pdf } from './documents.ts';
import { effort, load } from './load.ts';
import { send, sender, signIn } from './people.ts';
import { quiet } from './process.ts';
import type { Server } from './server.ts';
import { group, kb, percentiles, tell } from './table.ts';

const CONNECTIONS = 32;
const SECONDS = 10;
const SMALL = 4000;
/** Documents that are sent first: 60 deposits. */
const SEED = 1200;

interface Paged {
  total: number;
  items: { id: string; name: string }[];
}

/** Sends small documents through the product's own API, and waits until all are checked. */
export async function seed(server: Server): Promise<void> {
  const workers = 4;
  const client = new Client(workers);
  const senders = await Promise.all(Array.from({ length: workers }, (_, n) => sender(client, SEED / 2, `Dossier ${n + 1}`)));
  const file = pdf('compte-rendu.pdf', SMALL);
  const result = await load(server.pid, workers, { calls: SEED }, (worker) => send(client, senders[worker], file));
  client.close();
  group('Many small documents', `${SEED} PDF of ${SMALL} bytes, concurrency ${workers}, ${effort(result)}`);
  tell('small uploads', `${(result.count / result.seconds).toFixed(0)} /s, ${percentiles(result.times, 50, 99)}`);
  const begun = performance.now();
  await quiet(server.pid);
  tell('their checks end after', `${((performance.now() - begun) / 1000 - 2).toFixed(0)} s`);
}

export async function list(server: Server): Promise<void> {
  const client = new Client(CONNECTIONS);
  const staff = await signIn(client, 'pharmacist');
  const path = `/api/v1/documents?${new URLSearchParams({ 'query[page][number]': '1' })}`;
  const { total, items } = await client.json<Paged>(path, undefined, staff);
  const read = () => client.send({ path, headers: { ...staff, accept: 'application/json' } });
  await load(server.pid, CONNECTIONS, { seconds: 2 }, read);
  const result = await load(server.pid, CONNECTIONS, { seconds: SECONDS }, read);
  client.close();
  group(
    'List of documents',
    `${total} documents, page 1 of ${items.length} rows, bearer token, ${CONNECTIONS} connections, ${effort(result)}`,
  );
  tell('GET /api/v1/documents', `${(result.count / result.seconds).toFixed(0)} /s, ${kb(result.bytes / result.count)} each`);
  tell('GET /api/v1/documents, time', percentiles(result.times, 50, 95, 99), 'p99 <= 25 ms');
}

/** The newest documents of this size, as many as a page holds. */
export async function newest(client: Client, staff: Record<string, string>, name: string): Promise<string[]> {
  const query = new URLSearchParams({ 'query[search]': name, 'query[page][number]': '1', 'query[page][size]': '100' });
  const { items } = await client.json<Paged>(`/api/v1/documents?${query}`, undefined, staff);
  return items.filter((item) => item.name === name).map((item) => item.id);
}
