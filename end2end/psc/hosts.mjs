// The two hosts of Pro Santé Connect, as two ports of this machine: `auth` is the issuer, `wallet` is where people sign
// in. Behind both is one provider. Each answers its own paths only, so that an address on the wrong host is noticed.
import { createServer } from 'node:http';
import { createControl } from './control.mjs';
import { createKeys } from './keys.mjs';
import { Memory } from './memory.mjs';
import { STYLESHEET } from './pages.mjs';
import { createProvider } from './provider.mjs';
import { DISCOVERY, ROUTES } from './settings.mjs';

/** The only path at which oidc-provider answers with its metadata. Nobody but us can ask for it. */
const STANDARD_DISCOVERY = '/.well-known/openid-configuration';

const { authorization, ...ofTheIssuer } = ROUTES;
const issuerPaths = Object.values(ofTheIssuer);

/**
 * Listens on 127.0.0.1 only: there is nothing here that another machine should trust.
 * @param {import('./settings.mjs').Settings} settings
 * @returns {Promise<void>} when both hosts answer
 */
export async function startSimulator(settings) {
  const memory = new Memory();
  const keys = createKeys(settings.issuer);
  const outage = { on: false };
  const provider = createProvider({ settings, keys, memory }).callback();
  const control = createControl({ settings, keys, memory, outage });

  /** @type {import('node:http').RequestListener} */
  const auth = (request, response) => {
    const path = pathOf(request);
    if (path.startsWith('/_control/')) return control(request, response);
    if (outage.on) return refuse(response, 503);
    if (path === DISCOVERY) request.url = STANDARD_DISCOVERY;
    else if (!onAuth(path)) return refuse(response, 404);
    return provider(request, response);
  };

  /** @type {import('node:http').RequestListener} */
  const wallet = (request, response) => {
    if (outage.on) return refuse(response, 503);
    if (!onWallet(pathOf(request))) return refuse(response, 404);
    return provider(request, response);
  };

  await listen(auth, settings.authPort);
  await listen(wallet, settings.walletPort);
}

function onAuth(path) {
  // Below its endpoint, signing out has a question and a last page.
  return issuerPaths.includes(path) || path.startsWith(`${ROUTES.end_session}/`) || path === STYLESHEET;
}

function onWallet(path) {
  // From the sign-in page the browser comes back to `/auth/<interaction>`.
  return path === authorization || /^\/(auth|sign-in)\/[\w-]+$/.test(path) || path === STYLESHEET;
}

function pathOf(request) {
  return request.url.split('?', 1)[0];
}

function refuse(response, status) {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${status}\n`);
}

function listen(listener, port) {
  const server = createServer(listener);
  return new Promise((ready, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', ready);
  });
}
