// What is wrong in an authorization request is said to the relying party, unless it is the address of the relying party.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.mjs';
import { psc, rp } from './setup.mjs';

for (const [what, change, error] of [
  ['no level', { acr_values: undefined }, 'invalid_request'],
  ['another level', { acr_values: 'eidas2' }, 'invalid_request'],
  ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  ['PKCE in plain', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['an unknown scope', { scope: 'openid everything' }, 'invalid_scope'],
  ['no page although nobody is signed in', { prompt: 'none' }, 'login_required'],
]) {
  test(`refused at the relying party: ${what}`, async () => {
    const { url, state } = rp.request(change);
    const callback = (await new Browser().visit(url)).url.searchParams;
    assert.equal(callback.get('error'), error);
    assert.equal(callback.get('state'), state);
    assert.equal(callback.get('iss'), psc.issuer);
  });
}

test('an address that is not registered is not redirected to', async () => {
  const page = await new Browser().visit(rp.request({ redirect_uri: 'http://localhost:1/elsewhere' }).url);
  assert.equal(page.status, 400);
  assert.match(page.html, /<html lang="fr">/);
});
