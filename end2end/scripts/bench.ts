// `make bench`: figures of a release build, with the conditions that they were taken under. It judges nothing: an aim
// stands beside its figure, and only an answer that is no success ends the run. Each part is a file of `bench/`.
//
// The server is the one that the tests use (fixtures/server.ts), with demonstration data; after its first start it is
// started again on the same data with limits that one client does not run into (bench/server.ts).
import { test } from '../fixtures/test.ts';
import { arrivals } from './bench/arrivals.ts';
import { codes } from './bench/codes.ts';
import { conditions } from './bench/conditions.ts';
import { pdf, photo } from './bench/documents.ts';
import { disk } from './bench/disk.ts';
import { downloads } from './bench/downloads.ts';
import { large } from './bench/large.ts';
import { list, seed } from './bench/list.ts';
import { psc } from './bench/psc.ts';
import { Server } from './bench/server.ts';
import { sessionCheck } from './bench/session-check.ts';
import { signIns } from './bench/sign-ins.ts';
import { afterLoad, idle, start } from './bench/start.ts';
import { uploads } from './bench/uploads.ts';
import { weights } from './bench/weights.ts';

/** What fixtures/global-setup.ts tells its workers. */
function told(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this with Playwright`);
  return value;
}

/** `CARELINK_BENCH_ONLY=list,codes make bench`: whoever looks for a cause needs one part, many times. */
const only = process.env.CARELINK_BENCH_ONLY?.split(',');
const wanted = (part: string) => !only || only.includes(part);

test('figures', async ({ browser, page, signIn }) => {
  const server = new Server(Number(told('CARELINK_E2E_PID')), told('CARELINK_E2E_DATA'), told('CARELINK_E2E_SERVER_LOG'));
  conditions(server);
  try {
    await start(server, Number(told('CARELINK_E2E_READY_MS')), wanted('start') ? 5 : 1);
    if (wanted('start')) await idle(server);
    if (wanted('weights')) await weights(browser);

    if (wanted('list') || wanted('arrivals')) await seed(server);
    if (wanted('list')) await list(server);
    if (wanted('codes')) await codes(server);
    if (wanted('arrivals')) {
      await signIn('pharmacist');
      await arrivals(page);
    }
    // A browser that does nothing is still a client of the same machine.
    await page.close();

    const scan = pdf('numerisation.pdf', 5_000_000);
    if (wanted('uploads')) await disk(server);
    if (wanted('uploads') || wanted('downloads')) await uploads(server, scan, 400, 'PDF');
    if (wanted('downloads')) {
      await downloads(server, scan.name);
      await downloads(server, scan.name, 'gzip, br');
    }
    if (wanted('photos')) await uploads(server, await photo(browser), 100, 'JPEG');
    if (wanted('memory')) await afterLoad(server);

    // After the memory that documents leave: hashing passwords takes more, for a moment.
    if (wanted('sign-ins')) await signIns(server);
    if (wanted('check')) await sessionCheck(server);
    if (wanted('psc')) await psc();

    if (wanted('large')) await large(server);
  } finally {
    await server.stop();
  }
  console.log();
});
