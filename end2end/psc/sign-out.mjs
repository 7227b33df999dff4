// The end of a session that the relying party asks for. With an id_token of ours nobody is asked anything, as at Pro
// Santé Connect; oidc-provider would ask always. What has no such token, or is wrong, is left to the library.
import { sendLogoutToken, sidOf } from './logout-token.mjs';
import { ROUTES } from './settings.mjs';

/**
 * @param {{
 *   provider: import('oidc-provider').Provider,
 *   settings: import('./settings.mjs').Settings,
 *   keys: import('./keys.mjs').Keys,
 *   memory: import('./memory.mjs').Memory,
 * }} parts
 * @returns {import('koa').Middleware}
 */
export function signOut({ provider, settings, keys, memory }) {
  return async (ctx, next) => {
    if (ctx.path !== ROUTES.end_session || ctx.method !== 'GET') return next();
    const { id_token_hint: hint, post_logout_redirect_uri: back, state } = ctx.query;
    const client = await provider.Client.find(settings.client.id);
    const claims = await claimsOf(hint, client, provider);
    if (!claims) return next();
    if (back !== undefined && !client.postLogoutRedirectUriAllowed(back)) return next();

    // The hint names the session. The browser's cookie may be that of another person by now.
    const ended = memory.sessions().filter((session) => sidOf(session, settings) === claims.sid);
    memory.endSessions((session) => ended.some(({ uid }) => uid === session.uid));
    await Promise.all(ended.map((session) => sendLogoutToken({ settings, keys }, session)));

    ctx.status = 303;
    ctx.redirect(back === undefined ? `${ROUTES.end_session}/success` : withState(back, state));
  };
}

/** Expired ones too: a session is longer than its id_token. */
async function claimsOf(hint, client, provider) {
  try {
    return (await provider.IdToken.validate(hint, client)).payload;
  } catch {
    return undefined;
  }
}

function withState(address, state) {
  const url = new URL(address);
  if (typeof state === 'string') url.searchParams.set('state', state);
  return url.href;
}
