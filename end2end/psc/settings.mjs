// What the environment says. Everything has a default, so that `node main.mjs` alone fits a demonstration of CareLink.

const REALM = '/auth/realms/esante-wallet';
const OIDC = `${REALM}/protocol/openid-connect`;

/** Where Pro Santé Connect has its endpoints, by the names that oidc-provider gives them. */
export const ROUTES = {
  // On the wallet's host. Everything else is on the issuer's.
  authorization: '/auth',
  token: `${OIDC}/token`,
  userinfo: `${OIDC}/userinfo`,
  jwks: `${OIDC}/certs`,
  end_session: `${OIDC}/logout`,
  introspection: `${OIDC}/token/introspect`,
  revocation: `${OIDC}/revoke`,
};

/** Not the path of OpenID Connect Discovery, which answers 404 here as it does there. */
export const DISCOVERY = `${REALM}/.well-known/wallet-openid-configuration`;

/**
 * @typedef {object} Settings
 * @property {number} authPort the issuer's
 * @property {number} walletPort of the authorization endpoint and the sign-in page
 * @property {string} issuer
 * @property {string} wallet origin of the other host
 * @property {{ id: string, secret: string, redirectUri: string, postLogoutUri: string, backchannelUri: string }} client
 * @property {boolean} signedUserinfo for everybody, and not only for the one identity that always has it
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 * @throws {SettingsError} with a sentence for the person who typed them
 */
export function readSettings(env) {
  const authPort = port(env, 'PSC_PORT', 3999);
  const walletPort = port(env, 'PSC_WALLET_PORT', authPort + 1);
  const rp = origin(env.PSC_RP || 'http://localhost:3000');
  return {
    authPort,
    walletPort,
    issuer: `http://127.0.0.1:${authPort}${REALM}`,
    wallet: `http://127.0.0.1:${walletPort}`,
    client: {
      id: env.PSC_CLIENT_ID || 'carelink',
      secret: env.PSC_CLIENT_SECRET || 'secret-de-demonstration',
      redirectUri: `${rp}/auth/psc/callback`,
      postLogoutUri: `${rp}/portal/sign-in`,
      backchannelUri: `${rp}/auth/psc/backchannel-logout`,
    },
    signedUserinfo: env.PSC_USERINFO === 'jwt',
  };
}

export class SettingsError extends Error {}

function port(env, name, otherwise) {
  const value = Number(env[name] || otherwise);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new SettingsError(`${name} is ${env[name] ?? value}, which is not the number of a port.`);
}

function origin(value) {
  try {
    const url = new URL(value);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url.origin;
  } catch {
    // The sentence below says it.
  }
  throw new SettingsError(`PSC_RP is ${value}, which is not an address such as http://localhost:3000.`);
}
