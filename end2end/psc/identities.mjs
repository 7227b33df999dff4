// The people of the sign-in page. None exists: names are words for fictions, and RPPS numbers start with 99700, as those
// of Pro Santé Connect's own sandbox do, and pass the check of Luhn. Between them they have what a service must cope with.
import {
  assistantsAtHome,
  medicalPractice,
  militaryHospital,
  nursesAtHome,
  nursingPractice,
  pharmacy,
  publicHospital,
} from './places.mjs';
import { CARD, exercise, organization } from './userinfo.mjs';

/**
 * @typedef {object} Identity
 * @property {string} key stable, for tests
 * @property {string} id SubjectNameID
 * @property {string} sub
 * @property {string} name
 * @property {string} profession in French, for the sign-in page
 * @property {string} special why one would choose this person, for the sign-in page
 * @property {boolean} [signedUserinfo] as a JWT
 * @property {object} userinfo everything but `sub`
 */

/** @type {Identity[]} */
export const IDENTITIES = [
  identity({
    key: 'pharmacist',
    rpps: '99700100011',
    civility: 'MME',
    given: 'ROMANE',
    family: 'FACTICE',
    profession: 'Pharmacienne',
    special: 'Un seul exercice\u00a0: Pharmacie des Lilas fictive',
    exercises: [{ codeProfession: '21', activities: [pharmacy] }],
  }),
  identity({
    key: 'nurse_two',
    rpps: '99700100029',
    civility: 'M',
    civilityInside: true,
    given: 'BASILE',
    family: 'CHIMERE',
    profession: 'Infirmier',
    special: 'Un exercice, deux activités : un SSIAD et un cabinet',
    exercises: [{ codeProfession: '60', activities: [nursesAtHome, nursingPractice('99700100029')] }],
  }),
  identity({
    key: 'assistant',
    rpps: '99700100037',
    civility: 'MME',
    given: 'INES',
    family: 'PERSONNE',
    profession: 'Aide-soignante',
    special: 'Profession 99, rôle 313\u00a0: enregistrée par son employeur',
    exercises: [{ codeProfession: '99', codeCategorieProfessionnelle: '', activities: [assistantsAtHome] }],
  }),
  identity({
    key: 'no_exercise',
    rpps: '99700100045',
    civility: 'M',
    civilityInside: true,
    given: 'OCTAVE',
    family: 'MIRAGE',
    profession: 'Sans exercice',
    special: 'La liste de ses exercices est vide',
    exercises: [],
  }),
  identity({
    key: 'edit',
    id: 'ANS20231122132732',
    civility: 'MME',
    given: 'GARANCE',
    family: 'MAQUETTE',
    profession: 'Infirmière',
    special: 'Identité de test EDIT, sans RPPS',
    exercises: [{ codeProfession: '60', activities: [nursesAtHome] }],
  }),
  identity({
    key: 'lookalike',
    rpps: '99700100052',
    civility: 'M',
    given: 'CAMILLE',
    family: 'EXEMPLE',
    profession: 'Médecin',
    special: 'Homonyme d’un compte de démonstration, avec la même adresse électronique',
    exercises: [{ codeProfession: '10', activities: [medicalPractice('99700100052')] }],
  }),
  identity({
    key: 'physician_two',
    rpps: '99700100060',
    civility: 'M',
    civilityInside: true,
    given: 'AUGUSTE',
    family: 'LEURRE',
    profession: 'Médecin',
    special: 'Deux exercices, civil et militaire\u00a0; UserInfo signé (JWT)',
    signedUserinfo: true,
    exercises: [
      { codeProfession: '10', codeTypeSavoirFaire: 'S', codeSavoirFaire: 'SM26', activities: [publicHospital] },
      {
        codeProfession: '10',
        codeCategorieProfessionnelle: 'M',
        nomDexercice: 'LEURRE FEINTE',
        activities: [militaryHospital],
      },
    ],
  }),
  identity({
    key: 'physician',
    rpps: '99700100078',
    civility: 'MME',
    given: 'MAUD',
    family: 'ROMANESQUE',
    profession: 'Médecin',
    special: 'Un seul exercice, salarié\u00a0: un hôpital public',
    exercises: [{ codeProfession: '10', activities: [publicHospital] }],
  }),
];

/** @returns {Identity | undefined} */
export const findByKey = (key) => IDENTITIES.find((one) => one.key === key);

/** @returns {Identity | undefined} */
export const findBySub = (sub) => IDENTITIES.find((one) => one.sub === sub);

/** @returns {Identity} */
function identity({ rpps, id = `8${rpps}`, civility, civilityInside = false, given, family, exercises, ...about }) {
  const practised = exercises.map((one) =>
    exercise({
      codeCategorieProfessionnelle: 'C',
      codeCiviliteDexercice: civility,
      nomDexercice: family,
      prenomDexercice: given,
      ...one,
    }),
  );
  const [first] = practised;
  return {
    ...about,
    id,
    sub: `f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:${id}`,
    name: `${given} ${family}`,
    userinfo: {
      SubjectNameID: id,
      preferred_username: id,
      given_name: given,
      family_name: family,
      // Samples of 2023 have it here, those of 2021 and 2022 in SubjectRefPro.
      ...(!civilityInside && { codeCivilite: civility }),
      ...(first
        ? { ...organization(first.activities[0]), SubjectRole: [`${first.codeProfession}^1.2.250.1.213.1.1.5.5`] }
        : { Secteur_Activite: '', SubjectOrganization: '', SubjectOrganizationID: '', codeGenreActivite: '' }),
      ...CARD,
      // Seen as a number and as a string.
      otherIds: [{ identifiant: id, origine: rpps ? 'RPPS' : 'EDIT', qualite: rpps ? 1 : '1' }],
      SubjectRefPro: { ...(civilityInside && { codeCivilite: civility }), exercices: practised },
    },
  };
}
