// The shape of Pro Santé Connect's UserInfo: scalars are strings, most of them empty, and every field is there.
// (Arrays may be absent: an identity leaves out what it doesn't have.) Names of fields are spelt as they are there.

/** What every service gets. */
export const CLAIMS_OF_EVERYBODY = [
  'sub',
  'SubjectNameID',
  'preferred_username',
  'given_name',
  'family_name',
  'codeCivilite',
];

/** What comes on top of it with `scope_all`. */
export const CLAIMS_OF_SCOPE_ALL = [
  'Secteur_Activite',
  'SubjectOrganization',
  'SubjectOrganizationID',
  'SubjectRole',
  'PSI_Locale',
  'Palier_Authentification',
  'Mode_Acces_Raison',
  'Acces_Regulation_Medicale',
  'UITVersion',
  'codeGenreActivite',
  'otherIds',
  'SubjectRefPro',
];

/** The same for everybody who signs in with an e-CPS. */
export const CARD = {
  PSI_Locale: '1.2.250.1.213.1.3.1.1',
  Palier_Authentification: 'APPPRIP3^1.2.250.1.213.1.5.1.1.1',
  Mode_Acces_Raison: '',
  Acces_Regulation_Medicale: 'FAUX',
  UITVersion: '1.0',
};

const EXERCISE = empty(`
  codeProfession codeCategorieProfessionnelle codeCiviliteDexercice nomDexercice prenomDexercice codeTypeSavoirFaire
  codeSavoirFaire`);

const ACTIVITY = empty(`
  codeModeExercice codeSecteurDactivite codeSectionPharmacien codeRole codeGenreActivite numeroSiretSite numeroSirenSite
  numeroFinessSite numeroFinessetablissementJuridique identifiantTechniqueDeLaStructure raisonSocialeSite
  enseigneCommercialeSite complementDestinataire complementPointGeographique numeroVoie indiceRepetitionVoie
  codeTypeDeVoie libelleVoie mentionDistribution bureauCedex codePostal codeCommune codePays telephone telephone2
  telecopie adresseEMail codeDepartement ancienIdentifiantDeLaStructure autoriteDenregistrement`);

/** One profession of a person, and where it is exercised. */
export function exercise({ activities, ...known }) {
  return { ...EXERCISE, ...known, activities };
}

/** One place of an exercise. Its identifiers follow from its FINESS or, for a private practice, from a number and the RPPS. */
export function activity({ siret = '', finess = '', practice, ...known }) {
  const ids = practice
    ? { identifiantTechniqueDeLaStructure: `R${practice.number}`, ancienIdentifiantDeLaStructure: `4${practice.rpps}001` }
    : { identifiantTechniqueDeLaStructure: `F${finess}`, ancienIdentifiantDeLaStructure: `1${finess}` };
  return {
    ...ACTIVITY,
    numeroSiretSite: siret,
    numeroSirenSite: siret.slice(0, 9),
    numeroFinessSite: finess,
    codePays: '99000',
    codeDepartement: known.codePostal.slice(0, 2),
    ...ids,
    ...known,
  };
}

/** What the card says of the place where it is used: the first one. */
export function organization({ codeSecteurDactivite, codeGenreActivite, ...place }) {
  return {
    Secteur_Activite: `${codeSecteurDactivite}^1.2.250.1.71.4.2.4`,
    SubjectOrganization: place.raisonSocialeSite,
    SubjectOrganizationID: place.identifiantTechniqueDeLaStructure,
    codeGenreActivite,
  };
}

function empty(names) {
  return Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, '']));
}
