// CareLink's part of the protocol, with the defaults of the simulator.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Browser } from './browser.mjs';

const CLIENT = { client_id: 'carelink', client_secret: 'secret-de-demonstration' };

export class RelyingParty {
  /** Logout tokens that came. */
  loggedOut = [];

  /**
   * Named `localhost`, where the simulator is 127.0.0.1: another site, as in a demonstration.
   * @param {import('node:http').Server} server
   */
  constructor(server) {
    this.origin = `http://localhost:${server.address().port}`;
    this.server = server;
    server.on('request', async (request, response) => {
      assert.equal(request.url, '/auth/psc/backchannel-logout');
      this.loggedOut.push(new URLSearchParams(await text(request)).get('logout_token'));
      response.writeHead(204).end();
    });
  }

  static async listen() {
    const server = createServer().listen(0, 'localhost');
    await once(server, 'listening');
    return new RelyingParty(server);
  }

  /** @param {string} address of the metadata */
  async discover(address) {
    this.metadata = await (await fetch(address)).json();
    this.jwks = await (await fetch(this.metadata.jwks_uri)).json();
  }

  /** An authorization request; `change` replaces parameters, undefined removes them. */
  request(change = {}) {
    const [state, nonce, verifier] = Array.from({ length: 3 }, () => randomBytes(32).toString('base64url'));
    const parameters = {
      response_type: 'code',
      client_id: CLIENT.client_id,
      redirect_uri: `${this.origin}/auth/psc/callback`,
      scope: 'openid scope_all',
      acr_values: 'eidas1',
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...change,
    };
    const url = new URL(this.metadata.authorization_endpoint);
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
    return { url, state, nonce, verifier };
  }

  /** The whole of it, with one press of a button when the sign-in page is shown. */
  async signIn(button, { browser = new Browser(), change } = {}) {
    const request = this.request(change);
    const page = await browser.visit(request.url);
    const { url } = page.html ? await browser.visit(page.url, button) : page;
    const callback = Object.fromEntries(url.searchParams);
    const tokens = callback.code && (await this.exchange(callback.code, request.verifier));
    const claims = tokens && this.read(tokens.id_token);
    return { ...request, browser, asked: Boolean(page.html), callback, tokens, claims };
  }

  exchange(code, code_verifier) {
    const redirect_uri = `${this.origin}/auth/psc/callback`;
    return this.token({ grant_type: 'authorization_code', code, code_verifier, redirect_uri });
  }

  refresh({ refresh_token }) {
    return this.token({ grant_type: 'refresh_token', refresh_token });
  }

  token(form) {
    return this.post('token_endpoint', form);
  }

  async post(endpoint, form) {
    const body = new URLSearchParams({ ...CLIENT, ...form });
    const answer = await fetch(this.metadata[endpoint], { method: 'POST', body });
    return JSON.parse((await answer.text()) || '{}');
  }

  userinfo({ access_token }) {
    return fetch(this.metadata.userinfo_endpoint, { headers: { Authorization: `Bearer ${access_token}` } });
  }

  signOutUrl(parameters) {
    return `${this.metadata.end_session_endpoint}?${new URLSearchParams(parameters)}`;
  }

  /** The claims of a token that the provider signed for us. */
  read(token) {
    const [header, payload, signature] = token.split('.');
    const { alg, kid } = decode(header);
    assert.equal(alg, 'RS256');
    const jwk = this.jwks.keys.find((key) => key.kid === kid);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    assert.ok(verify('sha256', signed, key, Buffer.from(signature, 'base64url')), 'signature');
    const claims = decode(payload);
    assert.equal(claims.iss, this.metadata.issuer);
    assert.equal(claims.aud, CLIENT.client_id);
    assert.ok(claims.exp > Date.now() / 1000 && claims.iat <= Date.now() / 1000);
    return claims;
  }
}

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
