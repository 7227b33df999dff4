//! What the tests of this module stand on.

mod hostile;
mod reading;

use serde_json::Value;

use super::UserInfo;

/// The fictional nurse of the reference, as the provider writes her.
const NURSE: &str = r#"
{"sub":"f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:899700123450","SubjectNameID":"899700123450",
 "preferred_username":"899700123450","given_name":"CAMILLE","family_name":"EXEMPLE","codeCivilite":"MME",
 "Secteur_Activite":"SA17^1.2.250.1.71.4.2.4","SubjectOrganization":"SSIAD DES TILLEULS FICTIF",
 "SubjectOrganizationID":"F750099996","SubjectRole":["60^1.2.250.1.213.1.1.5.5"],
 "PSI_Locale":"1.2.250.1.213.1.3.1.1","Palier_Authentification":"APPPRIP3^1.2.250.1.213.1.5.1.1.1",
 "Mode_Acces_Raison":"","Acces_Regulation_Medicale":"FAUX","UITVersion":"1.0","codeGenreActivite":"GENR01",
 "otherIds":[{"identifiant":"899700123450","origine":"RPPS","qualite":1}],
 "SubjectRefPro":{"codeCivilite":"MME","exercices":[{
   "codeProfession":"60","codeCategorieProfessionnelle":"C","codeCiviliteDexercice":"MME",
   "nomDexercice":"EXEMPLE","prenomDexercice":"CAMILLE","codeTypeSavoirFaire":"","codeSavoirFaire":"",
   "activities":[{"codeModeExercice":"S","codeSecteurDactivite":"SA17","codeSectionPharmacien":"","codeRole":"",
     "codeGenreActivite":"GENR01","numeroSiretSite":"89012345800014","numeroSirenSite":"890123458",
     "numeroFinessSite":"750099996","numeroFinessetablissementJuridique":"750001232",
     "identifiantTechniqueDeLaStructure":"F750099996","raisonSocialeSite":"SSIAD DES TILLEULS FICTIF",
     "enseigneCommercialeSite":"","complementDestinataire":"","complementPointGeographique":"","numeroVoie":"12",
     "indiceRepetitionVoie":"","codeTypeDeVoie":"R","libelleVoie":"DES TILLEULS","mentionDistribution":"",
     "bureauCedex":"75012 PARIS","codePostal":"75012","codeCommune":"75112","codePays":"99000","telephone":"",
     "telephone2":"","telecopie":"","adresseEMail":"","codeDepartement":"75",
     "ancienIdentifiantDeLaStructure":"1750099996","autoriteDenregistrement":"ONI/ONI/ARS"}]}]}}"#;

const EXERCISE: &str = "/SubjectRefPro/exercices/0";
const ACTIVITY: &str = "/SubjectRefPro/exercices/0/activities/0";

/// The nurse with some values changed.
fn nurse(changes: &[(&str, Value)]) -> Value {
    let mut value = serde_json::from_str(NURSE).unwrap();
    for (pointer, new) in changes {
        put(&mut value, pointer, new.clone());
    }
    value
}

fn put(value: &mut Value, pointer: &str, new: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(map) => drop(map.insert(name.to_owned(), new)),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = new,
        _ => unreachable!("{pointer}"),
    }
}

fn parsed(value: &Value) -> UserInfo {
    UserInfo::parse(value).unwrap()
}

fn some(text: &str) -> Option<String> {
    text.to_owned().into()
}
