// What Pro Santé Connect's answers hold and oidc-provider's don't.
import { findBySub } from './identities.mjs';
import { lives } from './rules.mjs';
import { ROUTES } from './settings.mjs';

/**
 * @param {{
 *   provider: import('oidc-provider').Provider,
 *   settings: import('./settings.mjs').Settings,
 *   keys: import('./keys.mjs').Keys,
 * }} parts
 */
export function answerAsKeycloak({ provider, settings, keys }) {
  provider.on('authorization.success', (ctx, answer) => {
    answer.session_state = ctx.oidc.session.sidFor(ctx.oidc.client.clientId);
  });

  provider.on('grant.success', (ctx) => {
    Object.assign(ctx.body, {
      refresh_expires_in: lives.RefreshToken,
      session_state: ctx.oidc.entities.AccessToken.sid,
    });
  });

  provider.use(async (ctx, next) => {
    await next();
    if (ctx.status !== 200) return;
    if (ctx.oidc?.route === 'discovery') Object.assign(ctx.body, metadata(settings));
    if (ctx.oidc?.route === 'userinfo' && isSigned(ctx, settings)) {
      ctx.body = keys.sign(ctx.oidc.client.clientId, ctx.body);
      ctx.type = 'application/jwt';
    }
  });
}

function metadata({ wallet }) {
  return {
    authorization_endpoint: wallet + ROUTES.authorization,
    // As in the real metadata, where the level that everybody must ask for is missing.
    acr_values_supported: ['0', '0'],
    userinfo_signing_alg_values_supported: ['RS256'],
  };
}

function isSigned(ctx, { signedUserinfo }) {
  return signedUserinfo || findBySub(ctx.oidc.account.accountId).signedUserinfo;
}
