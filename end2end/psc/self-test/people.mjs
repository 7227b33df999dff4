// The people of the sign-in page, and its other buttons.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITIES, findByKey } from '../identities.mjs';
import { CANCEL, PHARMACIST, psc, rp, seconds } from './setup.mjs';

test('everybody of the page can sign in, and their numbers are well made', async () => {
  assert.equal(new Set(IDENTITIES.map(({ id }) => id)).size, IDENTITIES.length);
  for (const { key, id, sub, userinfo } of IDENTITIES) {
    const { claims } = await rp.signIn({ identity: key });
    assert.equal(claims.sub, sub);
    assert.ok(id.startsWith('ANS') || (/^899700\d{6}$/.test(id) && luhn(id.slice(1))), id);
    for (const place of userinfo.SubjectRefPro.exercices.flatMap(({ activities }) => activities)) {
      const { numeroFinessSite: finess, numeroFinessetablissementJuridique: legal } = place;
      for (const number of [place.numeroSiretSite, place.numeroSirenSite, finess, legal]) assert.ok(luhn(number), number);
      for (const value of Object.values(place)) assert.equal(typeof value, 'string');
    }
  }
});

test('one identity has its userinfo signed', async () => {
  const { tokens } = await rp.signIn({ identity: 'physician_two' });
  const answer = await rp.userinfo(tokens);
  assert.match(answer.headers.get('content-type'), /^application\/jwt\b/);
  assert.equal(rp.read(await answer.text()).SubjectRefPro.exercices.length, 2);
});

test('another person takes the browser over', async () => {
  const { browser, tokens, claims } = await rp.signIn(PHARMACIST);
  const other = await rp.signIn({ identity: 'nurse_two' }, { browser, change: { prompt: 'login' } });
  assert.equal(other.claims.sub, findByKey('nurse_two').sub);
  assert.notEqual(other.claims.sid, claims.sid);
  assert.equal((await rp.refresh(tokens)).error, 'invalid_grant');
});

test('cancelling is access_denied', async () => {
  const { callback, state } = await rp.signIn(CANCEL);
  assert.equal(callback.error, 'access_denied');
  assert.equal(callback.state, state);
  assert.equal(callback.iss, psc.issuer);
});

test('the failures of the page, after which one may choose again', async () => {
  const low = await rp.signIn({ failure: 'level' });
  assert.equal(low.claims.acr, 'eidas0');
  const old = await rp.signIn({ failure: 'old_session' }, { browser: low.browser });
  assert.equal(old.asked, true);
  assert.ok(seconds() - old.claims.auth_time >= 5 * 3600);
  assert.equal((await rp.userinfo(old.tokens)).status, 200);
  const well = await rp.signIn(PHARMACIST, { browser: low.browser });
  assert.equal(well.asked, true);
  assert.equal(well.claims.acr, 'eidas1');
});

/** The check digit of RPPS, FINESS, SIREN and SIRET. An empty number is none. */
function luhn(number) {
  const digits = [...number].reverse().map((digit, place) => Number(digit) * (place % 2 ? 2 : 1));
  return digits.reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0) % 10 === 0;
}
