// The process: its settings, its output, and how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { RelyingParty } from './relying-party.mjs';
import { PHARMACIST, psc, rp, statusOf } from './setup.mjs';
import { MAIN, freePorts, start } from './simulator.mjs';

test('a port that is taken: one sentence, and a failure', async () => {
  await assert.rejects(start(psc.ports), (error) => {
    assert.match(error.message, /^It ended at once: Port \d+ is taken: [^\n]+\n$/);
    return true;
  });
});

test('PSC_USERINFO=jwt signs everybody’s', async () => {
  const other = await start({ PSC_RP: rp.origin, PSC_USERINFO: 'jwt' });
  const client = new RelyingParty(rp.server);
  await client.discover(`${other.issuer}/.well-known/wallet-openid-configuration`);
  const { tokens, claims } = await client.signIn(PHARMACIST);
  assert.equal(client.read(await (await client.userinfo(tokens)).text()).sub, claims.sub);
  other.signal('SIGTERM');
  assert.equal(await other.ended, 0);
});

test('it ends with its parent', async () => {
  const [authPort, walletPort] = await freePorts(2);
  const script = "require('node:child_process').spawn(process.execPath, [process.argv[1]], { stdio: 'inherit' })";
  const parent = spawn(process.execPath, ['-e', script, MAIN], {
    env: { PSC_PORT: String(authPort), PSC_WALLET_PORT: String(walletPort) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((ready) => parent.stdout.once('data', ready));
  const address = `http://127.0.0.1:${authPort}/`;
  assert.equal(await statusOf(address), 404);
  // The pipe closes when the last process that writes to it is gone.
  const closed = new Promise((done) => parent.stdout.once('close', done));
  parent.kill('SIGKILL');
  await closed;
  await assert.rejects(fetch(address));
});

test('Ctrl-C leaves it alone, SIGTERM ends it, and it has said one line in its life', async () => {
  psc.signal('SIGINT');
  assert.equal(await statusOf(rp.metadata.jwks_uri), 200);
  psc.signal('SIGTERM');
  assert.equal(await psc.ended, 0);
  assert.deepEqual(psc.output, { stdout: `Pro Santé Connect (simulateur): ${psc.issuer}\n`, stderr: '' });
});
