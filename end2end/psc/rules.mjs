// Where Pro Santé Connect is stricter, or more generous, than OpenID Connect asks.
import { errors, interactionPolicy } from 'oidc-provider';

/** The only level there is today, and the one that must be asked for. */
export const LEVEL = 'eidas1';
export const SCOPES = ['openid', 'scope_all'];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const SESSION = 4 * HOUR;

/** Lives in seconds. */
export const lives = {
  AccessToken: 2 * MINUTE,
  AuthorizationCode: MINUTE,
  Grant: 2 * SESSION, // tokens end with their session; what was granted only has to last longer
  IdToken: 2 * MINUTE,
  Interaction: 10 * MINUTE,
  RefreshToken: 30 * MINUTE,
  /** From its start, whatever happens in it: a new sign-in in the same session doesn't prolong it. */
  Session: (ctx, session) => Math.max(1, (session.iat ?? now()) + SESSION - now()),
};

/** Checked after everything that oidc-provider checks of an authorization request, so the refusal goes to the client. */
export const authorizationChecks = {
  acr_values(ctx, value) {
    if (value !== LEVEL) throw new errors.InvalidRequest(`acr_values must be ${LEVEL}`);
  },
  scope(ctx) {
    // As it came: oidc-provider has dropped by now what it doesn't know.
    const { scope: asked = '' } = ctx.oidc.body ?? ctx.query;
    const unknown = asked.split(' ').filter((scope) => !SCOPES.includes(scope));
    if (unknown.length) throw new errors.InvalidScope('unknown scope', unknown.join(' '));
  },
};

/** When the sign-in page is shown. There is no page for a consent, as there is none at Pro Santé Connect. */
export function signInPolicy() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  policy.get('login').checks.add(
    // Otherwise somebody who tried one of the page's failures would meet it again at each sign-in, for four hours.
    new interactionPolicy.Check('unfit_session', 'this session is of no use', 'login_required', ({ oidc }) => {
      const { session, result } = oidc;
      return Boolean(session.accountId) && !result?.login && (session.acr !== LEVEL || session.past(SESSION));
    }),
  );
  return policy;
}

/** Stands for the consent: grants what is asked, once for each session. */
export async function grantWhatIsAsked({ oidc }) {
  const { Grant } = oidc.provider;
  const { clientId } = oidc.client;
  const known = oidc.session.grantIdFor(clientId);
  const grant = (known && (await Grant.find(known))) || new Grant({ clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(oidc.params.scope);
  await grant.save();
  return grant;
}

function now() {
  return Math.floor(Date.now() / 1000);
}
