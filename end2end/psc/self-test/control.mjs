// The levers for tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.mjs';
import { PHARMACIST, psc, rp, statusOf } from './setup.mjs';

test('a logout token for one session, which stays', async () => {
  const { tokens, claims } = await rp.signIn(PHARMACIST);
  rp.loggedOut.length = 0;
  for (const which of [{ sid: claims.sid }, { sub: claims.sub }]) {
    assert.deepEqual(await psc.pull('backchannel', which), { status: 204 });
    const told = rp.read(rp.loggedOut.pop());
    assert.deepEqual([told.sub, told.sid, told.nonce], [claims.sub, claims.sid, undefined]);
    assert.deepEqual(told.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
    assert.ok(told.jti);
  }
  assert.ok((await rp.refresh(tokens)).access_token);
  assert.equal((await psc.pull('backchannel', { sid: 'nobody' })).status, 404);
});

test('the end of all sessions, of which nobody is told', async () => {
  const { browser, tokens } = await rp.signIn(PHARMACIST);
  rp.loggedOut.length = 0;
  assert.ok((await psc.pull('end-sessions')).ended > 0);
  assert.equal((await rp.refresh(tokens)).error, 'invalid_grant');
  assert.equal((await rp.userinfo(tokens)).status, 401);
  assert.equal((await rp.signIn(PHARMACIST, { browser })).asked, true);
  assert.equal(rp.loggedOut.length, 0);
});

test('an outage', async () => {
  const { url: page } = rp.request();
  assert.deepEqual(await psc.pull('outage', { on: true }), { status: 200, on: true });
  for (const url of [page, rp.metadata.jwks_uri, rp.metadata.userinfo_endpoint]) assert.equal(await statusOf(url), 503);
  await psc.pull('outage', { on: false });
  assert.equal((await new Browser().visit(page)).status, 200);
});

test('only POST with JSON', async () => {
  assert.equal(await statusOf(`${psc.auth}/_control/outage`), 405);
  const form = { method: 'POST', body: new URLSearchParams({ on: 'true' }) };
  assert.equal((await fetch(`${psc.auth}/_control/outage`, form)).status, 415);
  assert.equal((await psc.pull('outage', { on: 'yes' })).status, 400);
  assert.equal((await psc.pull('nothing')).status, 404);
});
