// Who signs in, and what goes wrong with it. oidc-provider sends the browser to `/sign-in/<interaction>`, and takes it back
// at `/auth/<interaction>`.
import { text } from 'node:stream/consumers';
import { errors } from 'oidc-provider';
import { FAILURES } from './failures.mjs';
import { findByKey } from './identities.mjs';
import { errorPage, showPage } from './pages.mjs';
import { LEVEL } from './rules.mjs';
import { signInPage } from './sign-in-page.mjs';

/**
 * @param {import('oidc-provider').Provider} provider
 * @returns {import('koa').Middleware}
 */
export function signIn(provider) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/sign-in/')) return next();

    const interaction = await interactionOf(ctx, provider);
    if (!interaction) return showPage(ctx, errorPage('Cette demande a expiré. Revenez au service et recommencez.'), 400);
    if (ctx.method !== 'POST') return showPage(ctx, signInPage(interaction.params.client_id));

    const result = resultOf(new URLSearchParams(await text(ctx.req)));
    if (!result) return showPage(ctx, errorPage('Cette personne n’existe pas, même ici.'), 400);
    const back = await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    if (result.login) await makeRoomFor(result.login.accountId, ctx, provider);
    ctx.status = 303;
    ctx.redirect(back);
  };
}

async function interactionOf(ctx, provider) {
  try {
    return await provider.interactionDetails(ctx.req, ctx.res);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

/** @param {URLSearchParams} form the one button that was pressed */
function resultOf(form) {
  if (form.has('cancel')) return { error: 'access_denied', error_description: 'the person cancelled' };
  const failure = FAILURES[form.get('failure')];
  const identity = failure ? failure.identity : findByKey(form.get('identity'));
  return identity && { login: { accountId: identity.sub, acr: LEVEL, ...failure?.login() } };
}

/** A browser has one session. Who comes second takes it over whole, and the tokens of the first are worth nothing. */
async function makeRoomFor(accountId, ctx, provider) {
  const session = await provider.Session.get(ctx);
  if (!session.accountId || session.accountId === accountId) return;
  for (const field of ['accountId', 'authorizations', 'iat']) delete session[field];
  await session.persist();
}
