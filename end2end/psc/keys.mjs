// The key that signs. Made at each start: an id_token of an earlier run is refused, as one of another provider would be.
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';

/**
 * @typedef {object} Keys
 * @property {{ keys: object[] }} jwks with the private half, for oidc-provider
 * @property {(audience: string, claims: object, type?: string) => string} sign
 */

/**
 * @param {string} issuer
 * @returns {Keys}
 */
export function createKeys(issuer) {
  const kid = randomUUID();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },

    // oidc-provider signs the userinfo of all people of a client or of none, and does not tell what a relying party
    // answered to a logout token. These two we sign here.
    sign(audience, claims, type = 'JWT') {
      const iat = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: audience, iat, exp: iat + 120, ...claims };
      const signed = `${encode({ alg: 'RS256', typ: type, kid })}.${encode(payload)}`;
      return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
    },
  };
}

function encode(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
