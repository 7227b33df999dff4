// The code flow, as a relying party meets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findByKey } from '../identities.mjs';
import { PHARMACIST, psc, rp, seconds, statusOf } from './setup.mjs';

test('the metadata is where Pro Santé Connect has it, and nowhere else', async () => {
  const { metadata } = rp;
  assert.equal(metadata.issuer, psc.issuer);
  assert.equal(metadata.authorization_endpoint, `${psc.wallet}/auth`);
  const oidc = `${psc.issuer}/protocol/openid-connect`;
  assert.equal(metadata.token_endpoint, `${oidc}/token`);
  assert.equal(metadata.userinfo_endpoint, `${oidc}/userinfo`);
  assert.equal(metadata.jwks_uri, `${oidc}/certs`);
  assert.equal(metadata.end_session_endpoint, `${oidc}/logout`);
  assert.equal(metadata.introspection_endpoint, `${oidc}/token/introspect`);
  assert.equal(metadata.revocation_endpoint, `${oidc}/revoke`);
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
  assert.equal(await statusOf(`${psc.issuer}/.well-known/openid-configuration`), 404);
  assert.equal(await statusOf(`${psc.auth}/.well-known/openid-configuration`), 404);
});

test('each host has its own endpoints', async () => {
  assert.equal(await statusOf(`${psc.auth}/auth`), 404);
  assert.equal(await statusOf(rp.metadata.jwks_uri.replace(psc.auth, psc.wallet)), 404);
});

test('a pharmacist signs in', async () => {
  const before = seconds();
  const { callback, tokens, claims, state, nonce } = await rp.signIn(PHARMACIST);
  assert.deepEqual(Object.keys(callback).sort(), ['code', 'iss', 'session_state', 'state']);
  assert.equal(callback.state, state);
  assert.equal(callback.iss, psc.issuer);

  assert.equal(tokens.token_type, 'Bearer');
  assert.equal(tokens.expires_in, 120);
  assert.equal(tokens.refresh_expires_in, 1800);
  assert.equal(tokens.scope, 'openid scope_all');
  assert.equal(tokens.session_state, callback.session_state);

  assert.equal(claims.sub, 'f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:899700100011');
  assert.equal(claims.acr, 'eidas1');
  assert.equal(claims.azp, 'carelink');
  assert.equal(claims.nonce, nonce);
  assert.equal(claims.sid, tokens.session_state);
  assert.ok(claims.auth_time >= before && claims.auth_time <= seconds());

  const answer = await rp.userinfo(tokens);
  assert.match(answer.headers.get('content-type'), /^application\/json\b/);
  const userinfo = await answer.json();
  assert.deepEqual(userinfo, { sub: claims.sub, ...findByKey('pharmacist').userinfo });
  const [{ codeProfession, activities }] = userinfo.SubjectRefPro.exercices;
  assert.equal(codeProfession, '21');
  assert.equal(activities[0].codeSecteurDactivite, 'SA33');
  assert.equal(Object.keys(activities[0]).length, 30);
});

test('without scope_all there is little in the userinfo', async () => {
  const { tokens } = await rp.signIn(PHARMACIST, { change: { scope: 'openid' } });
  const userinfo = await (await rp.userinfo(tokens)).json();
  assert.equal(userinfo.SubjectNameID, '899700100011');
  assert.equal(userinfo.SubjectRefPro, undefined);
});

test('a code is used once, by who has the verifier and the secret', async () => {
  const used = await rp.signIn(PHARMACIST);
  assert.equal((await rp.exchange(used.callback.code, used.verifier)).error, 'invalid_grant');
  const { browser } = used;
  const { url } = await browser.visit(rp.request().url);
  assert.equal((await rp.exchange(url.searchParams.get('code'), 'x'.repeat(43))).error, 'invalid_grant');
  assert.equal((await rp.token({ grant_type: 'refresh_token', client_secret: 'another' })).error, 'invalid_client');
});

test('the secret may come in the header', async () => {
  const { tokens } = await rp.signIn(PHARMACIST);
  const answer = await fetch(rp.metadata.token_endpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from('carelink:secret-de-demonstration').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }),
  });
  assert.equal(answer.status, 200);
});

test('a token can be introspected and revoked', async () => {
  const { tokens, claims } = await rp.signIn(PHARMACIST);
  const known = await rp.post('introspection_endpoint', { token: tokens.access_token });
  assert.equal(known.active, true);
  assert.equal(known.sub, claims.sub);
  assert.equal(known.SubjectNameID, '899700100011');
  await rp.post('revocation_endpoint', { token: tokens.refresh_token });
  assert.equal((await rp.refresh(tokens)).error, 'invalid_grant');
  assert.equal((await rp.userinfo(tokens)).status, 401);
});
