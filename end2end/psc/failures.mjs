// Sign-ins that a service must refuse although everything about them is signed and in order.
import { findByKey } from './identities.mjs';

const HOURS = 60 * 60;

/** By the value of their button. All are the pharmacist's, whom a service would let in otherwise. */
export const FAILURES = {
  level: {
    label: 'Refuser le niveau',
    note: 'L’id_token dit acr = eidas0',
    identity: findByKey('pharmacist'),
    login: () => ({ acr: 'eidas0' }),
  },
  old_session: {
    label: 'Session trop ancienne',
    note: 'L’id_token dit auth_time = il y a 5 heures',
    identity: findByKey('pharmacist'),
    login: () => ({ ts: Math.floor(Date.now() / 1000) - 5 * HOURS }),
  },
};
