// The session of Pro Santé Connect: what it spares, what it keeps alive, and its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PHARMACIST, rp } from './setup.mjs';

test('a session signs in silently; prompt=login asks again, and is newer', async () => {
  const { browser, claims } = await rp.signIn(PHARMACIST);
  const silent = await rp.signIn(undefined, { browser });
  assert.equal(silent.asked, false);
  assert.equal(silent.claims.auth_time, claims.auth_time);
  await sleep(1_100); // auth_time counts whole seconds
  const again = await rp.signIn(PHARMACIST, { browser, change: { prompt: 'login' } });
  assert.equal(again.asked, true);
  assert.equal(again.claims.sid, claims.sid);
  assert.ok(again.claims.auth_time > claims.auth_time);
});

test('a refresh gives new tokens of the same session', async () => {
  const { tokens, claims } = await rp.signIn(PHARMACIST);
  const fresh = await rp.refresh(tokens);
  assert.notEqual(fresh.access_token, tokens.access_token);
  assert.notEqual(fresh.refresh_token, tokens.refresh_token);
  const again = rp.read(fresh.id_token);
  for (const claim of ['acr', 'auth_time', 'sid', 'sub']) assert.equal(again[claim], claims[claim]);
  assert.equal((await rp.userinfo(fresh)).status, 200);
});

test('signing out with an id_token goes straight back, and the session is over', async () => {
  const { browser, tokens, claims } = await rp.signIn(PHARMACIST);
  const back = { id_token_hint: tokens.id_token, post_logout_redirect_uri: `${rp.origin}/portal/sign-in` };
  const { url } = await browser.visit(rp.signOutUrl({ ...back, state: 'the state' }));
  assert.equal(url.href, `${rp.origin}/portal/sign-in?state=the+state`);
  assert.equal(rp.read(rp.loggedOut.pop()).sid, claims.sid);
  assert.equal((await rp.refresh(tokens)).error, 'invalid_grant');
  assert.equal((await rp.signIn(PHARMACIST, { browser })).asked, true);
  // A second time, and without a state: there is no session any more, and nothing to ask either.
  assert.equal((await browser.visit(rp.signOutUrl(back))).url.href, `${rp.origin}/portal/sign-in`);
});

test('signing out otherwise: without an address, to a wrong address, without an id_token', async () => {
  const { browser, tokens } = await rp.signIn(PHARMACIST);
  const wrong = { id_token_hint: tokens.id_token, post_logout_redirect_uri: `${rp.origin}/elsewhere` };
  assert.equal((await browser.visit(rp.signOutUrl(wrong))).status, 400);
  const question = await browser.visit(rp.signOutUrl({}));
  assert.match(question.html, /Fermer la session/);
  const xsrf = /name="xsrf" value="(\w+)"/.exec(question.html)[1];
  const done = await browser.visit(`${rp.metadata.end_session_endpoint}/confirm`, { xsrf, logout: 'yes' });
  assert.match(done.html, /Votre session est fermée/);
  assert.equal((await rp.refresh(tokens)).error, 'invalid_grant');
  assert.match((await browser.visit(rp.signOutUrl({ id_token_hint: tokens.id_token }))).html, /Votre session est fermée/);
});
