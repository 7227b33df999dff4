// Checking codes: every attempt is counted before the code is looked up, a right one is given back.
import { Client } from './client.ts';
import { effort, load } from './load.ts';
import { newCode, present, SLUG } from './people.ts';
import type { Server } from './server.ts';
import { group, percentiles, tell } from './table.ts';

const CONNECTIONS = 32;
const SECONDS = 10;

export async function codes(server: Server): Promise<void> {
  const client = new Client(CONNECTIONS);
  const { value } = await newCode(client, 'Contrôle de codes');
  await load(server.pid, CONNECTIONS, { seconds: 2 }, () => present(client, value));
  const result = await load(server.pid, CONNECTIONS, { seconds: SECONDS }, () => present(client, value));
  client.close();
  group(
    'Code check',
    `one valid code of ${SLUG}, one address, no cookie, ${CONNECTIONS} connections, ${effort(result)}`,
    'all attempts share the counters of their address, network, establishment and platform',
  );
  tell('POST /api/v1/codes/validate', `${(result.count / result.seconds).toFixed(0)} /s, ${percentiles(result.times, 50, 95, 99)}`);
}
