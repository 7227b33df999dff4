// The provider itself: oidc-provider, told to look like Pro Santé Connect. All that it would warn about is set here, and
// so are its pages: nothing goes to the console, and nothing is loaded from other servers.
import { randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { answerAsKeycloak } from './answers.mjs';
import { findBySub } from './identities.mjs';
import { errorPage, showPage, signOutPage, signedOutPage, stylesheet } from './pages.mjs';
import { LEVEL, SCOPES, authorizationChecks, grantWhatIsAsked, lives, signInPolicy } from './rules.mjs';
import { ROUTES } from './settings.mjs';
import { signIn } from './sign-in.mjs';
import { signOut } from './sign-out.mjs';
import { CLAIMS_OF_EVERYBODY, CLAIMS_OF_SCOPE_ALL } from './userinfo.mjs';

/**
 * @param {{
 *   settings: import('./settings.mjs').Settings,
 *   keys: import('./keys.mjs').Keys,
 *   memory: import('./memory.mjs').Memory,
 * }} parts
 */
export function createProvider({ settings, keys, memory }) {
  const provider = new Provider(settings.issuer, {
    adapter: memory.adapter,
    jwks: keys.jwks,
    routes: ROUTES,
    clients: [clientOf(settings)],
    clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
    clientBasedCORS: () => false,
    // `lax`: a browser refuses `none`, the library's default, over plain http.
    cookies: {
      names: { session: 'psc_session', interaction: 'psc_sign_in', resume: 'psc_resume' },
      keys: [randomBytes(32).toString('base64')],
      long: { httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax' },
    },

    responseTypes: ['code'],
    pkce: { methods: ['S256'], required: () => true },
    extraParams: authorizationChecks,
    scopes: SCOPES,
    acrValues: [LEVEL],
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    claims: {
      // The id_token holds those of `openid` that `findAccount` has for it.
      openid: ['acr', 'auth_time', 'azp', ...CLAIMS_OF_EVERYBODY],
      scope_all: CLAIMS_OF_SCOPE_ALL,
    },

    ttl: lives,
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => true,

    findAccount,
    // What introspection tells of an access token on top of the standard.
    extraTokenClaims: (ctx, token) => ({ azp: token.clientId, SubjectNameID: findBySub(token.accountId)?.id }),
    interactions: { policy: signInPolicy(), url: (ctx, interaction) => `/sign-in/${interaction.uid}` },
    loadExistingGrant: grantWhatIsAsked,
    renderError: (ctx, { error, error_description: why }) =>
      showPage(ctx, errorPage(`${error}\u00a0: ${why}`), ctx.status),

    features: {
      backchannelLogout: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      introspection: { enabled: true, allowedPolicy: (ctx, client, token) => client.clientId === token.clientId },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => showPage(ctx, signOutPage(form)),
        postLogoutSuccessSource: (ctx) => showPage(ctx, signedOutPage()),
      },
    },
  });

  answerAsKeycloak({ provider, settings, keys });
  provider.use(stylesheet);
  provider.use(signIn(provider));
  provider.use(signOut({ provider, settings, keys, memory }));
  // The library answers 500 and keeps the reason to itself.
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider;
}

/** `client_secret_basic` lets the secret come in the form too: oidc-provider takes the two for one. */
function clientOf({ client }) {
  return {
    client_id: client.id,
    client_secret: client.secret,
    token_endpoint_auth_method: 'client_secret_basic',
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: [client.redirectUri],
    post_logout_redirect_uris: [client.postLogoutUri],
    backchannel_logout_uri: client.backchannelUri,
    backchannel_logout_session_required: true,
  };
}

async function findAccount(ctx, sub) {
  const identity = findBySub(sub);
  if (!identity) return undefined;
  const ofIdToken = { azp: ctx.oidc.client.clientId, preferred_username: identity.id };
  return {
    accountId: sub,
    claims: async (use) => ({ sub, ...(use === 'userinfo' ? identity.userinfo : ofIdToken) }),
  };
}
