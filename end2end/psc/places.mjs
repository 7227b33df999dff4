// Where the made-up people work. The names say that the places are fictions. FINESS, SIREN and SIRET are invented so that
// they pass the check of Luhn. Telephone numbers are those that France keeps for fiction (ARCEP, 01 99 00 …).
import { activity } from './userinfo.mjs';

export const pharmacy = activity({
  codeModeExercice: 'L',
  codeSecteurDactivite: 'SA33',
  codeSectionPharmacien: 'A',
  codeGenreActivite: 'GENR01',
  siret: '99900001100018',
  finess: '610990012',
  numeroFinessetablissementJuridique: '610991010',
  raisonSocialeSite: 'PHARMACIE DES LILAS FICTIVE',
  enseigneCommercialeSite: 'PHARMACIE DES LILAS',
  numeroVoie: '12',
  codeTypeDeVoie: 'PL',
  libelleVoie: 'DU MARCHE IMAGINAIRE',
  bureauCedex: '61999 VALFLEURY SUR ORNE',
  codePostal: '61999',
  telephone: '0199001234',
  autoriteDenregistrement: 'CNOP/CNOP/CNOP',
});

const homeCare = {
  codeModeExercice: 'S',
  codeSecteurDactivite: 'SA17',
  siret: '99900002900010',
  finess: '800990020',
  numeroFinessetablissementJuridique: '800991028',
  raisonSocialeSite: 'SSIAD DU CANAL FICTIF',
  numeroVoie: '3',
  codeTypeDeVoie: 'QU',
  libelleVoie: 'DES PENICHES REVEES',
  bureauCedex: '80998 PONTMARAIS',
  codePostal: '80998',
  telephone: '0199005678',
};

export const nursesAtHome = activity({ ...homeCare, codeGenreActivite: 'GENR01', autoriteDenregistrement: 'ONI/ONI/ARS' });

/** A role and no regulated profession: the employer registered this person. */
export const assistantsAtHome = activity({ ...homeCare, codeRole: '313', codeGenreActivite: 'GENR11' });

/** @param {string} rpps whose practice it is */
export function nursingPractice(rpps) {
  return activity({
    codeModeExercice: 'L',
    codeSecteurDactivite: 'SA07',
    codeGenreActivite: 'GENR01',
    siret: '99900003700013',
    practice: { number: '10000999001', rpps },
    raisonSocialeSite: 'CABINET DU PONT FICTIF',
    numeroVoie: '7',
    indiceRepetitionVoie: 'B',
    codeTypeDeVoie: 'R',
    libelleVoie: 'DU PONT SUPPOSE',
    bureauCedex: '80998 PONTMARAIS',
    codePostal: '80998',
    autoriteDenregistrement: 'ONI/ONI/ARS',
  });
}

/** @param {string} rpps whose practice it is */
export function medicalPractice(rpps) {
  return activity({
    codeModeExercice: 'L',
    codeSecteurDactivite: 'SA07',
    codeGenreActivite: 'GENR01',
    siret: '99900004500016',
    practice: { number: '10000999002', rpps },
    raisonSocialeSite: 'CABINET DES LILAS FICTIF',
    numeroVoie: '14',
    codeTypeDeVoie: 'PL',
    libelleVoie: 'DU MARCHE IMAGINAIRE',
    bureauCedex: '61999 VALFLEURY SUR ORNE',
    codePostal: '61999',
    // Of a demonstration account of CareLink. Whoever matches people by address is found out here.
    adresseEMail: 'camille.demo@lilas.example',
    autoriteDenregistrement: 'CNOM/CNOM/CNOM',
  });
}

const hospital = {
  codeModeExercice: 'S',
  codeGenreActivite: 'GENR01',
  bureauCedex: '75999 PARIS CEDEX FICTIF',
  codePostal: '75999',
  autoriteDenregistrement: 'CNOM/CNOM/CNOM',
};

export const publicHospital = activity({
  ...hospital,
  codeSecteurDactivite: 'SA01',
  siret: '99900005200012',
  finess: '750990053',
  numeroFinessetablissementJuridique: '750991051',
  raisonSocialeSite: 'HOPITAL DES MIRAGES FICTIF',
});

export const militaryHospital = activity({
  ...hospital,
  codeSecteurDactivite: 'SA02',
  siret: '99900006000015',
  finess: '750990061',
  numeroFinessetablissementJuridique: '750991069',
  raisonSocialeSite: 'HOPITAL DES ARMEES FICTIF',
});
