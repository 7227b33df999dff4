// One simulator and one relying party for all tests.
import { after } from 'node:test';
import { RelyingParty } from './relying-party.mjs';
import { start } from './simulator.mjs';

export const rp = await RelyingParty.listen();
export const psc = await start({ PSC_RP: rp.origin });
await rp.discover(`${psc.issuer}/.well-known/wallet-openid-configuration`);
after(() => rp.server.close());

/** Buttons of the sign-in page. */
export const PHARMACIST = { identity: 'pharmacist' };
export const CANCEL = { cancel: 'yes' };

export const statusOf = async (url) => (await fetch(url)).status;
/** As tokens count time. */
export const seconds = () => Math.floor(Date.now() / 1000);
