// What a person sees: plain HTML that needs no script, with one stylesheet.
import { readFileSync } from 'node:fs';

/** Its path, on both hosts. */
export const STYLESHEET = '/pages.css';

// No `form-action`: browsers apply it to where the answer to a form redirects to, which is the service.
const POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

const css = readFileSync(new URL('./pages.css', import.meta.url), 'utf8');

/** @type {import('koa').Middleware} */
export function stylesheet(ctx, next) {
  if (ctx.path !== STYLESHEET) return next();
  ctx.type = 'css';
  ctx.body = css;
}

export function showPage(ctx, html, status = 200) {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Security-Policy', POLICY);
  ctx.body = html;
}

/** @param {string} body HTML */
export function page(body) {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Pro Santé Connect (simulateur)</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLESHEET}">
</head>
<body>
<main>
<h1>Pro Santé Connect <span>(simulateur)</span></h1>
<p class="made-up">Tout est inventé ici&nbsp;: les personnes, leurs numéros et leurs lieux d’exercice. Le vrai
Pro Santé Connect n’intervient pas.</p>
${body}
</main>
</body>
</html>
`;
}

/** @param {string} reason text */
export function errorPage(reason) {
  return page(`<h2>Demande refusée</h2>\n<p>${escape(reason)}</p>`);
}

/** @param {string} form HTML of oidc-provider: hidden fields in a form of the id that the button names */
export function signOutPage(form) {
  return page(`<h2>Fermer votre session&nbsp;?</h2>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Fermer la session</button>`);
}

export function signedOutPage() {
  return page('<h2>Votre session est fermée</h2>\n<p>Vous pouvez fermer cette page.</p>');
}

/** Text, as HTML. */
export function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
