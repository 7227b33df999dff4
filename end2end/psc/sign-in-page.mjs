// The sign-in page. One form, whose buttons are the answers.
import { FAILURES } from './failures.mjs';
import { IDENTITIES } from './identities.mjs';
import { escape, page } from './pages.mjs';

/** @param {string} service who asks */
export function signInPage(service) {
  const people = IDENTITIES.map(({ key, name, profession, special }) =>
    button({ name: 'identity', value: key, label: name, notes: [profession, special] }),
  );
  const failures = Object.entries(FAILURES).map(([value, { label, note, identity }]) =>
    button({ name: 'failure', value, label, notes: [note, `Pour ${identity.name}`] }),
  );
  return page(`<form method="post">
<h2>Qui se connecte à ${escape(service)}&nbsp;?</h2>
${list(people)}
<p><button class="quiet" type="submit" name="cancel" value="yes">Annuler</button></p>
<details>
<summary>Pannes</summary>
<p>La réponse est signée et complète, mais le service doit la refuser.</p>
${list(failures)}
</details>
</form>`);
}

function button({ name, value, label, notes }) {
  const lines = notes.map((note) => `<span>${escape(note)}</span>`).join(' ');
  return `<button type="submit" name="${name}" value="${value}"><strong>${escape(label)}</strong> ${lines}</button>`;
}

function list(items) {
  return `<ul role="list">\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;
}
